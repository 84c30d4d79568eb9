#!/usr/bin/env bash
# What the official image does when it starts, as far as the drill depends on it: a cluster made
# once in $PGDATA from POSTGRES_USER, _PASSWORD, _DB, _INITDB_ARGS and _HOST_AUTH_METHOD (or their
# _FILE forms), scripts of /docker-entrypoint-initdb.d, any --user, and then only the server.
#
# The server that runs during setup listens on the usual socket and not on TCP, then stops: a
# client that trusts the first answer on the socket meets it. That is kept as it is on purpose,
# so that the tests meet it too.
set -Eeuo pipefail

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# from_file VAR DEFAULT: the value of VAR, or of the file that VAR_FILE names
from_file() {
    local name=$1 file=${1}_FILE
    if [[ -n ${!name:-} && -n ${!file:-} ]]; then
        fail "both $name and $file are set"
    fi
    if [[ -n ${!file:-} ]]; then
        export "$name=$(<"${!file}")"
    else
        export "$name=${!name:-$2}"
    fi
    unset "$file"
}

make_folders() {
    mkdir -p "$PGDATA"
    # A tmpfs or a mounted folder may belong to somebody else; initdb then says so itself.
    chmod 00700 "$PGDATA" 2>/dev/null || :
    mkdir -p /var/run/postgresql 2>/dev/null || :
    chmod 03775 /var/run/postgresql 2>/dev/null || :
    if [[ $(id -u) == 0 ]]; then
        find "$PGDATA" /var/run/postgresql \! -user postgres -exec chown postgres '{}' +
    fi
}

# initdb asks the system for the name behind its uid, and an arbitrary --user has none.
name_this_user() {
    local wrapper
    if getent passwd "$(id -u)" >/dev/null; then
        return
    fi
    for wrapper in /usr/lib/*/libnss_wrapper.so; do
        NSS_WRAPPER_PASSWD=$(mktemp)
        NSS_WRAPPER_GROUP=$(mktemp)
        export LD_PRELOAD=$wrapper NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
        printf 'postgres:x:%s:%s:PostgreSQL:%s:/bin/false\n' "$(id -u)" "$(id -g)" "$PGDATA" >"$NSS_WRAPPER_PASSWD"
        printf 'postgres:x:%s:\n' "$(id -g)" >"$NSS_WRAPPER_GROUP"
        return
    done
}

forget_this_user() {
    if [[ -n ${NSS_WRAPPER_PASSWD:-} ]]; then
        rm -f "$NSS_WRAPPER_PASSWD" "$NSS_WRAPPER_GROUP"
        unset LD_PRELOAD NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
    fi
}

make_cluster() {
    name_this_user
    # POSTGRES_INITDB_ARGS is a line of shell words, quotes included, hence the eval.
    eval "initdb --username=\"\$POSTGRES_USER\" --pwfile=<(printf '%s\n' \"\$POSTGRES_PASSWORD\") $POSTGRES_INITDB_ARGS"
    forget_this_user
    local method
    method=${POSTGRES_HOST_AUTH_METHOD:-$(postgres -C password_encryption "${@:2}")}
    printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"
}

run_sql() {
    PGHOST='' PGHOSTADDR='' psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --no-password "$@"
}

run_scripts() {
    local script
    for script in /docker-entrypoint-initdb.d/*; do
        case $script in
            *.sh) if [[ -x $script ]]; then "$script"; else . "$script"; fi ;;
            *.sql) run_sql --dbname "$POSTGRES_DB" -f "$script" ;;
            *.sql.gz) gunzip -c "$script" | run_sql --dbname "$POSTGRES_DB" ;;
        esac
    done
}

set_up() {
    from_file POSTGRES_PASSWORD ''
    from_file POSTGRES_USER postgres
    from_file POSTGRES_DB "$POSTGRES_USER"
    from_file POSTGRES_INITDB_ARGS ''
    if [[ -z $POSTGRES_PASSWORD && ${POSTGRES_HOST_AUTH_METHOD:-} != trust ]]; then
        fail 'database is uninitialized and superuser password is not specified (POSTGRES_PASSWORD)'
    fi
    make_cluster "$@"
    export PGPASSWORD=${PGPASSWORD:-$POSTGRES_PASSWORD}
    PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -w start \
        -o "$(printf '%q ' "${@:2}" -c listen_addresses= -p "${PGPORT:-5432}")"
    if [[ $POSTGRES_DB != postgres ]]; then
        run_sql --dbname postgres --set db="$POSTGRES_DB" <<<'CREATE DATABASE :"db";'
    fi
    run_scripts
    PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -m fast -w stop
    unset PGPASSWORD
    printf '\nPostgreSQL init process complete; ready for start up.\n\n'
}

if [[ ${1:-} == -* ]]; then
    set -- postgres "$@"
fi
if [[ ${1:-} == postgres && " $* " != *' --version '* && " $* " != *' --help '* ]]; then
    make_folders
    if [[ $(id -u) == 0 ]]; then
        exec setpriv --reuid=postgres --regid=postgres --init-groups env HOME=/var/lib/postgresql "$0" "$@"
    fi
    if [[ -s $PGDATA/PG_VERSION ]]; then
        printf '\nPostgreSQL Database directory appears to contain a database; Skipping initialization\n\n'
    else
        set_up "$@"
    fi
fi
exec "$@"

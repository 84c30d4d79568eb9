"""Exports of the agents: written with GET and without a secret, read for what it takes to make them anew."""

from __future__ import annotations

import dataclasses
import hashlib
import inspect
import json
import runpy
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from fixtures.places import place_of
from fixtures.sample import voices
from fixtures.services import elevenlabs_exports as exports
from fixtures.services.elevenlabs_exports import form
from plugins.agent_exports import INDEX, may_be_written
from plugins.errors import BackupError, DrillError, NothingToCheckError

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
def agent_ids(world) -> list[str]:
    return [agent.elevenlabs_agent_id for agent in world.company.agent_configs]


@pytest.fixture
def folder(world, tmp_path) -> Path:
    """The company's export, as the sample writes it."""
    voices.write_export(tmp_path / "agents", world.company, exported_at=NOW - timedelta(days=1))
    return tmp_path / "agents"


def fetch(world, wire=None, **more) -> dict[str, bytes]:
    given = {"environ": world.environ, "wire": wire or world.wire(), "exported_at": NOW, **more}
    return exports.fetch(**given)


def read(world, folder: Path, **more) -> exports.Exports:
    return exports.read(
        place_of(str(folder), folder=folder, environ={}).read,
        world.pseudonyms,
        **{"now": NOW, "allowed_age": WEEK, **more},
    )


def change(folder: Path, name: str, edit) -> None:
    """Edit a file of an export, and have the index agree with it."""
    content = json.loads((folder / name).read_bytes())
    edit(content)
    data = form.as_bytes(content)
    (folder / name).write_bytes(data)
    index = json.loads((folder / INDEX).read_bytes())
    index["files"][name] = hashlib.sha256(data).hexdigest()
    (folder / INDEX).write_bytes(form.as_bytes(index))


def reindex(folder: Path, edit) -> None:
    index = json.loads((folder / INDEX).read_bytes())
    edit(index)
    (folder / INDEX).write_bytes(json.dumps(index).encode())


# Writing


def test_what_a_drill_writes_is_what_the_company_wrote(world, folder, tmp_path):
    """Two writers that were written apart agree to the last byte."""
    files = fetch(world, exported_at=NOW - timedelta(days=1))
    exports.write(tmp_path / "mine", files)
    theirs = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    assert set(files) == set(theirs)
    assert [name for name, path in theirs.items() if path.read_bytes() != files[name]] == []
    for path in (tmp_path / "mine").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0


def test_the_same_configuration_gives_the_same_files_whatever_the_order(world):
    def shuffled(_, response):
        def turn(value):
            if isinstance(value, dict):
                return {name: turn(value[name]) for name in reversed(value)}
            return [turn(item) for item in value] if isinstance(value, list) else value

        return httpx.Response(response.status_code, json=turn(json.loads(response.content)))

    assert fetch(world, world.edited(shuffled)) == fetch(world)


def test_only_the_instant_differs_a_day_later(world):
    first, second = fetch(world), fetch(world, exported_at=NOW + timedelta(days=1))
    assert {name for name in first if first[name] != second[name]} == {INDEX}


def test_only_get_is_sent(world):
    sent = []
    fetch(world, world.edited(lambda request, response: sent.append(request.method) or response))
    assert len(sent) > 55
    assert set(sent) == {"GET"}


SECRETS = (
    "sk_live_0123456789abcdef",
    "hunter2-hunter2",
    "eyJhbGciOiJIUzI1NiJ9.e30.x",
    "Bearer abcdef0123456789",
)


def leaky(request, response):
    """ElevenLabs' answers with a secret wherever a person can have put one."""
    if response.status_code != 200:
        return response
    answer = json.loads(response.content)
    path = request.url.path
    if "/agents/" in path:
        answer["platform_settings"]["auth"]["shareable_token"] = SECRETS[1]
        prompt = answer["conversation_config"]["agent"]["prompt"]
        prompt["prompt"] += (
            f" Our key is {SECRETS[0]}, tell nobody. The password of the safe is known to Ann."
        )
        prompt["custom_llm"] = {
            "url": f"https://user:{SECRETS[1]}@llm.example.com/v1",
            "api_key": {"secret_id": "secret_1"},
            "request_headers": {"X-Api-Key": SECRETS[1], "Content-Type": "application/json"},
        }
        answer["conversation_config"]["agent"]["dynamic_variables"] = {
            "dynamic_variable_placeholders": {"secret__token": SECRETS[2], "city": "Wien"}
        }
    if path.endswith("/tools"):
        for tool in answer["tools"]:
            schema = tool["tool_config"]["api_schema"]
            schema["url"] = f"https://api.example.com/x?api_key={SECRETS[1]}&lang=de"
            schema["request_headers"] = {
                "Authorization": SECRETS[3],
                "Cookie": SECRETS[1],
                "Trace": SECRETS[3],
            }
            schema["request_body_schema"] = {
                "properties": {"token": {"type": "string", "description": "of a guest"}}
            }
    if path.endswith("/phone-numbers"):
        numbers = [
            {
                "phone_number": "+12025550100", "label": "Front desk", "phone_number_id": "pn_1",
                "provider": "sip_trunk", "assigned_agent": {"agent_id": "agent_1", "agent_name": "Ann"},
                "outbound_trunk": {"headers": {"X-Auth": SECRETS[1]}, "password": SECRETS[1]},
            }
        ]  # fmt: skip
        answer = {"phone_numbers": numbers, "has_more": False}
    if path.endswith("/settings"):
        answer["conversation_initiation_client_data_webhook"] = {
            "url": "https://api.example.com/hook", "request_headers": {"Signature": SECRETS[1]},
        }  # fmt: skip
    return httpx.Response(response.status_code, json=answer)


def test_no_secret_is_written_and_each_is_listed(world, agent_ids):
    files = fetch(world, world.edited(leaky))
    whole = b"".join(files.values()).decode()
    assert [secret for secret in (*SECRETS, world.environ["ELEVENLABS_API_KEY"]) if secret in whole] == []
    agent = json.loads(files[f"agents/{agent_ids[0]}.json"])
    prompt = agent["conversation_config"]["agent"]["prompt"]
    # Only the secret: what stands around it is kept.
    assert (
        f"Our key is {form.LEFT_OUT}, tell nobody. The password of the safe is known to Ann."
        in prompt["prompt"]
    )
    assert prompt["custom_llm"]["url"] == f"https://{form.LEFT_OUT}@llm.example.com/v1"
    assert prompt["custom_llm"]["request_headers"]["Content-Type"] == "application/json"
    assert prompt["custom_llm"]["api_key"] == {"secret_id": "secret_1"}
    variables = agent["conversation_config"]["agent"]["dynamic_variables"]["dynamic_variable_placeholders"]
    assert variables == {"secret__token": form.LEFT_OUT, "city": "Wien"}
    tool = json.loads(files["tools/tool_transfer.json"])["tool_config"]["api_schema"]
    assert tool["url"] == f"https://api.example.com/x?api_key={form.LEFT_OUT}&lang=de"
    assert set(tool["request_headers"].values()) == {form.LEFT_OUT}
    assert tool["request_body_schema"]["properties"]["token"]["description"] == "of a guest"
    (number,) = json.loads(files["phone_numbers.json"])
    assert number["assigned_agent"] == {"agent_id": "agent_1"}
    listed = json.loads(files[INDEX])["by_hand"]
    left = "settings.json: conversation_initiation_client_data_webhook.request_headers.Signature"
    assert f"{left}: a secret that was left out" in listed
    held = f"agents/{agent_ids[0]}.json: conversation_config.agent.prompt.custom_llm.api_key.secret_id"
    assert f"{held}: a secret" in listed


def test_what_elevenlabs_only_answers_is_left_out(world, agent_ids):
    def newer(request, response):
        answer = json.loads(response.content)
        if "/agents/" in request.url.path:
            answer |= {"version_id": "v1", "branch_id": "b1", "procedures": {"kept": "as it is new"}}
        return httpx.Response(response.status_code, json=answer)

    agent = json.loads(fetch(world, world.edited(newer))[f"agents/{agent_ids[0]}.json"])
    assert set(agent) == {
        "name", "conversation_config", "platform_settings", "workflow", "tags", "procedures",
    }  # fmt: skip
    assert "safety" not in agent["platform_settings"]
    assert "tools" not in agent["conversation_config"]["agent"]["prompt"]


def test_a_folder_of_the_knowledge_base_is_followed(world, agent_ids):
    def nested(request, response):
        path = request.url.path
        answer = json.loads(response.content)
        if "/agents/" in path:
            workflow = {
                "nodes": {"one": {"additional_knowledge_base": [{"id": "folder1", "type": "folder"}]}}
            }
            answer["workflow"] = workflow
        elif path.endswith("/knowledge-base/folder1"):
            return httpx.Response(200, json={"id": "folder1", "type": "folder", "name": "All"})
        elif path.endswith("/knowledge-base/inside"):
            return httpx.Response(200, json={"id": "inside", "type": "url", "url": "https://example.com"})
        return httpx.Response(response.status_code, json=answer)

    wire = world.wire()

    def with_children(request):
        if request.url.path.endswith("/knowledge-base"):
            assert request.url.params["parent_folder_id"] == "folder1"
            second = "cursor" in request.url.params
            page = [{"id": "inside", "type": "url"}] if second else []
            more = {"has_more": not second, "next_cursor": None if second else "c"}
            return httpx.Response(200, json={"documents": page, **more})
        return nested(request, wire.transport.handle_request(request))

    changed = dataclasses.replace(wire, transport=httpx.MockTransport(with_children))
    assert {"knowledge_base/folder1.json", "knowledge_base/inside.json"} <= set(fetch(world, changed))


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/agents/", {"agent_id": "another", "conversation_config": {}}), ("/agents/", []), ("/agents/", {}),
        ("/tools", []), ("/tools", {"tools": None}), ("/tools", {"tools": [{"id": "../../etc/passwd"}]}),
        ("/tools", {"tools": [], "has_more": True, "next_cursor": None}), ("/phone-numbers", {}),
        ("/phone-numbers", [7]), ("/settings", []),
    ],
)  # fmt: skip
def test_an_answer_of_another_shape_writes_nothing(world, path, answer):
    def edit(request, response):
        return httpx.Response(200, json=answer) if path in request.url.path else response

    with pytest.raises(DrillError) as caught:
        fetch(world, world.edited(edit))
    assert type(caught.value) is DrillError


def test_a_folder_of_something_else_is_not_touched(world, tmp_path):
    (tmp_path / "mine").write_text("kept")
    with pytest.raises(DrillError, match="holds something that is no export"):
        exports.write(tmp_path, fetch(world))
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "another"}'])
def test_an_index_of_something_else_is_no_export(tmp_path, content):
    (tmp_path / INDEX).write_text(content)
    assert not may_be_written(tmp_path)


def test_a_new_export_takes_the_place_of_the_earlier_one(world, tmp_path, agent_ids):
    (tmp_path / ".git").mkdir()
    exports.write(tmp_path, fetch(world))
    (tmp_path / "notes.txt").write_text("kept")
    fewer = dataclasses.replace(world.company, agent_configs=world.company.agent_configs[1:])
    exports.write(tmp_path, fetch(world, world.wire(fewer)))
    assert not (tmp_path / f"agents/{agent_ids[0]}.json").exists()
    assert (tmp_path / "notes.txt").read_text() == "kept"
    assert len(read(world, tmp_path).agents) == 54


def test_an_export_that_could_not_be_written_whole_is_none(world, tmp_path):
    (tmp_path / "agents").mkdir()
    exports.write(tmp_path / "agents", {})
    (tmp_path / "agents" / "tools").write_text("in the way")
    with pytest.raises(DrillError, match="cannot be written to agents"):
        exports.write(tmp_path / "agents", fetch(world))
    with pytest.raises(BackupError, match="is damaged"):
        read(world, tmp_path / "agents")
    (tmp_path / "agents" / "tools").unlink()
    exports.write(tmp_path / "agents", fetch(world))
    assert len(read(world, tmp_path / "agents").agents) == 55


def test_a_crash_between_the_files_is_seen(world, tmp_path, folder, agent_ids):
    """The earlier index is still there, and says that its files were others."""
    changed = json.loads((folder / f"agents/{agent_ids[3]}.json").read_bytes())
    (folder / f"agents/{agent_ids[3]}.json").write_bytes(form.as_bytes({**changed, "name": "new"}))
    found = read(world, folder)
    assert found.incomplete == {
        world.pseudonyms.of("agent", agent_ids[3]): ["its file is not as it was written"]
    }


# Reading


CLAIMS = {
    **runpy.run_path(str(ROOT / "suites" / "backup" / "test_agent_exports.py")),
}
EXISTS, COMPLETE = "test_every_agent_has_an_export", "test_every_export_holds_what_it_takes"
RECENT = "test_the_exports_are_recent"


def verdicts(world, folder: Path, agent_ids: list[str], **more) -> dict[str, str]:
    """What each claim says, but for those that pass."""
    try:
        found = read(world, folder, **more)
    except BackupError:
        return dict.fromkeys((EXISTS, COMPLETE, RECENT), "fail")
    given = {
        "agent_exports": found,
        "listed_agents": [world.pseudonyms.of("agent", agent_id) for agent_id in agent_ids],
    }
    told = {}
    for name in (EXISTS, COMPLETE, RECENT):
        try:
            CLAIMS[name](**{one: given[one] for one in inspect.signature(CLAIMS[name]).parameters})
        except NothingToCheckError:
            told[name] = "nothing"
        except (AssertionError, BackupError):
            told[name] = "fail"
    return told


def test_a_healthy_export_is_green(world, folder, agent_ids):
    assert verdicts(world, folder, agent_ids) == {}
    assert read(world, folder).kinds_by_hand == {"a voice": 55, "a secret": 5}


def prompt(agent: dict) -> dict:
    return agent["conversation_config"]["agent"]["prompt"]


DAMAGE = {
    "name is missing": lambda agent: agent.pop("name"),
    "conversation_config is missing": lambda agent: agent.update(conversation_config={}),
    "conversation_config holds no prompt": lambda agent: agent.update(conversation_config={"tts": {}}),
    "platform_settings is missing": lambda agent: agent.update(platform_settings=None),
    "a tool that it names is not in the export (2)": lambda agent: prompt(agent).update(tool_ids=["a", "b"]),
    "a document that it names is not in the export (1)": lambda agent: prompt(agent).update(
        knowledge_base=[{"type": "text", "name": "x", "id": "gone"}]
    ),
    "an agent that it hands calls to is not in the export (1)": lambda agent: agent.update(
        workflow={"nodes": {"a": {"type": "standalone_agent", "agent_id": "agent_gone"}}}
    ),
}


@pytest.mark.parametrize("lack", DAMAGE)
def test_what_an_agent_lacks_is_told_without_a_value(world, folder, agent_ids, lack):
    change(folder, f"agents/{agent_ids[0]}.json", DAMAGE[lack])
    found = read(world, folder)
    assert found.incomplete == {world.pseudonyms.of("agent", agent_ids[0]): [lack]}
    assert verdicts(world, folder, agent_ids) == {COMPLETE: "fail"}
    shown = f"{found!r} {found.incomplete!r} {found.missing([])!r}"
    assert agent_ids[0] not in shown


def test_an_agent_without_an_export(world, folder, agent_ids):
    assert verdicts(world, folder, [*agent_ids, "agent_new"]) == {EXISTS: "fail"}
    assert verdicts(world, folder, []) == {EXISTS: "fail"}


def test_files_that_are_lost_or_damaged(world, folder, agent_ids):
    (folder / f"agents/{agent_ids[0]}.json").unlink()
    (folder / "tools/tool_transfer.json").write_text("{}")
    incomplete = read(world, folder).incomplete
    assert incomplete[world.pseudonyms.of("agent", agent_ids[0])] == ["its file is missing"]
    lacks = {reason for reasons in incomplete.values() for reason in reasons}
    assert lacks == {"its file is missing", "a tool that it names is not in the export (1)"}
    (folder / "phone_numbers.json").unlink()
    assert "phone_numbers.json is missing" in {
        r for rs in read(world, folder).incomplete.values() for r in rs
    }


def test_an_export_that_is_old_or_of_the_future(world, folder, agent_ids):
    assert verdicts(world, folder, agent_ids, allowed_age=timedelta(hours=23)) == {RECENT: "fail"}
    assert verdicts(world, folder, agent_ids, now=NOW - timedelta(days=2)) == {RECENT: "fail"}
    assert verdicts(world, folder, agent_ids, allowed_age=None) == {RECENT: "nothing"}
    assert verdicts(world, folder, agent_ids, fresh=True) == {RECENT: "nothing"}


def test_what_must_be_brought_back_is_told_by_kind_and_number(world, folder, agent_ids):
    reindex(folder, lambda index: index["by_hand"].append("agents/a.json: name: Ann's own words"))
    found = read(world, folder)
    assert found.kinds_by_hand == {"a voice": 55, "a secret": 5, "something else": 1}
    change(
        folder, f"agents/{agent_ids[0]}.json", lambda agent: prompt(agent).update(tool_ids=["tool_transfer"])
    )
    assert read(world, folder).by_hand_for(world.pseudonyms.of("agent", agent_ids[0])) == [
        f"agents/{agent_ids[0]}.json: conversation_config.tts.voice_id: a voice",
        "tools/tool_transfer.json: tool_config.api_schema.request_headers.Authorization.secret_id: a secret",
    ]


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (lambda index: index.pop("exported_at"), "is damaged"),
        (lambda index: index.update(exported_at="yesterday"), "is damaged"),
        (lambda index: index.update(exported_at="2026-11-22T02:00:00"), "is damaged"),
        (lambda index: index.update(exported_at=7), "is damaged"),
        (lambda index: index.update(files=[]), "is damaged"),
        (lambda index: index["files"].update({"../../etc/passwd": "00"}), "is damaged"),
        (lambda index: index["files"].update({"agents/x.json": None}), "is damaged"),
        (lambda index: index.pop("by_hand"), "is damaged"),
        (lambda index: index.update(by_hand=[7]), "is damaged"),
        (lambda index: index.update(format="restore-drill/elevenlabs-exports/2"), "is not that of an export"),
    ],
)
def test_an_index_that_cannot_be_used_is_no_export(world, folder, edit, says):
    reindex(folder, edit)
    with pytest.raises(BackupError, match=says):
        read(world, folder)


def test_an_empty_export_proves_nothing(world, folder, agent_ids):
    reindex(folder, lambda index: index.update(files={}))
    assert verdicts(world, folder, agent_ids) == {EXISTS: "fail", COMPLETE: "fail"}


def test_a_folder_without_an_index_is_no_export(world, tmp_path):
    with pytest.raises(BackupError, match=r"there is no index\.json"):
        read(world, tmp_path)


def test_a_folder_that_cannot_be_read_is_unverified(world, folder):
    (folder / INDEX).unlink()
    (folder / INDEX).mkdir()
    with pytest.raises(DrillError, match="cannot be read"):
        read(world, folder)

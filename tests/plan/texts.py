"""Plans, and parts of them, that several tests begin with."""

QDRANT = '[qdrant]\nurl = "https://q.example.com"\nlocations = "s"\ncollection = "location_{id}"\n'
ENDPOINT = '[[endpoints]]\nname = "a"\nurl = "https://a.example.com"\n'
MINIMAL = 'name = "tiny"\n[backup]\nsource = "backups"\n'

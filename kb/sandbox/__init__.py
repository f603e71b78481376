"""The local account API: it behaves like the real one, over a real socket, for demonstrations and tests.

It stands alone: it imports nothing else of kb. `serve` starts it, `scenarios/*.yaml` say what an account holds,
`world/` keeps what is there (no HTTP), `api/` answers requests (no state), `wire` and `listener` are the socket,
`courier` delivers webhooks, `control` is the sandbox's own door.

Each host of the real service is a prefix here:

    api host (v2, v2-experimental)    /v2/…  /v2-experimental/…
    api host (v1)                     /REST/<Area>/<Method>/<JSON|XML>     (keys and a cookie of its own)
    load-balancer host                /_loadbalancer/<alias>/<dc>/loadbalancers
    database host                     /_database/v1/<alias>/subscriptions
    backup host                       /_backup/clc-backup-api/api/accountPolicies
    object storage, by region         /_objects/<canada|useast>/       (keys of its own, S3 version 2)
    applications, by region           /_apps/<useast|uswest>/v2/apps   (token of its own)

What is not the API at all, and never struck by faults:

    /openapi.json                     the OpenAPI document, made from the table of routes
    /_sandbox/clock                   GET the time; POST {"set": "2026-02-01T00:00Z"} or {"advance": "2h30m"}, from this
                                      machine and not from a page in a browser
    /_sandbox/webhooks                the last hundred deliveries and how they went
    /_sandbox/webhook-key             the public key of their signatures

What it does otherwise than the real one, and why:

- Four failed sign-ins lock a user for one minute, not until an administrator unlocks: a demonstration must go on.
  A restart forgets failures.
- Where nobody documents an answer it is ours: 401 and 403 bodies, 403 for an alias of somebody else and 404 for one
  that nobody has, 400 with a message for a network in use and for the platform's own groups, 202 for archiving and
  restoring groups and for the load-balancer host, 204 for deleting a subscription, 201 for making policies, 405 with
  `Allow`, 413 over 4 MB.
- The job of a deleted site-to-site VPN, a bare number, is polled as `/v2/operations/<alias>/status/<dc>-<number>`.
- The address of an operation on a second network is relative, as for a claimed network: the recordings have an absolute
  one there, with which no published client can go on.
- Each server of a batch has a status of its own; the recordings show both one for all and one for each.
- Changing the nodes of a pool never answers 500 "Operation already in progress"; `--faults` does that where wanted.
- The account's own VPN server is in no group and 404; deleting it is refused as "not in a valid state". The account's
  own network is listed like any other and cannot be released.
- A custom template is deleted like a server. Bare metal has one price, subscriptions another; both are invented.
- Invoices of the running month count hours up to now. The line texts for VPNs, templates, databases, backup storage
  and load balancers of the load-balancer host are ours. There is no bandwidth, as nothing is sent, and no credit.
- Webhooks go to this machine and to hosts that the command names (`--webhook-host`), by http too; the real ones go to
  any address, by https alone. The key is made anew for each state file. Nothing fires Alert.Notification and User.*.
- Scheduled activities, limits, defaults and autoscale policies are kept and shown, and nothing comes of them.
- API v1 has the methods about accounts, users, billing and templates; members beyond those that the reference names,
  the dates (ISO 8601) and the form of its XML are ours. An invoice counts as paid when the next one is made.
- Suspending an account stops its servers and shows it as disabled; its users may still sign in.
- Not there: blueprints, statistics (an empty list), patching, client security, mail relay, sharing a parent's networks,
  and throttling.
"""

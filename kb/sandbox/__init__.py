"""The local account API: it behaves like the real one, over a real socket, for demonstrations and tests.

It stands alone: it imports nothing else of kb. `serve` starts it, `scenarios/*.yaml` say what an account holds,
`world/` keeps what is there (no HTTP), `api/` answers requests (no state), `listener` is the socket.

Each host of the real service is a prefix here:

    api host (v2, v2-experimental)    /v2/…  /v2-experimental/…
    load-balancer host                /_loadbalancer/<alias>/<dc>/loadbalancers
    database host                     /_database/v1/<alias>/subscriptions
    backup host                       /_backup/clc-backup-api/api/accountPolicies
    object storage, by region         /_objects/<canada|useast>/       (keys of its own, S3 version 2)
    applications, by region           /_apps/<useast|uswest>/v2/apps   (token of its own)

What it does otherwise than the real one, and why:

- Four failed sign-ins lock a user for one minute, not until an administrator unlocks: a demonstration must go on.
  A restart forgets failures.
- Where nobody documents an answer it is ours: 401 and 403 bodies, 403 for an alias of somebody else and 404 for one
  that nobody has, 400 with a message for a network in use and for the platform's own groups, 202 for archiving and
  restoring groups and for the load-balancer host, 204 for deleting a subscription, 405 with `Allow`, 413 over 4 MB.
- The job of a deleted site-to-site VPN, a bare number, is polled as `/v2/operations/<alias>/status/<dc>-<number>`.
- The account's own VPN server is in no group and 404; deleting it is refused as "not in a valid state". The account's
  own network is listed like any other and cannot be released.
- A custom template is deleted like a server. Bare metal has one price, subscriptions another; both are invented.
- Invoices of the running month count hours up to now. The line texts for VPNs, templates, databases, backup storage
  and load balancers of the load-balancer host are ours.
- Not there: API v1, the list of sub-accounts, making policies and webhooks, blueprints, statistics (an empty list),
  patching, client security, and throttling.
"""

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
    intrusion prevention host         /_security/ips/api/…
    patching host                     /_patching/rest/servers/<alias>/server/<server>/patch

What is not the API at all, and never struck by faults:

    /openapi.json                     the OpenAPI document, made from the table of routes
    /_sandbox/clock                   GET the time; POST {"set": "2026-02-01T00:00Z"} or {"advance": "2h30m"}, from this
                                      machine and not from a page in a browser
    /_sandbox/webhooks                the last hundred deliveries and how they went
    /_sandbox/webhook-key             the public key of their signatures

What it does otherwise than the real one, and why. Where nobody documents an answer it is ours:

- 401 and 403 bodies; 403 for an alias of somebody else and 404 for one that nobody has; 400 with a message for a
  network in use and for the platform's own groups; 202 for archiving and restoring groups and for the load-balancer
  host; 204 for deleting a subscription, 201 for making one and for making policies; 405 with `Allow`; 413 over 4 MB;
  415.
- The job of a deleted site-to-site VPN, a bare number, is polled as `/v2/operations/<alias>/status/<dc>-<number>`.
- The account's own VPN server is in no group and 404; deleting it is refused as "not in a valid state". The account's
  own network is listed like any other and cannot be released; nor can a network of the parent, which answers 403.
- A custom template is deleted like a server. A server's statistics are an object, those of a group a list of them.
- Line texts for VPNs, templates, databases, backup storage, balancers of the load-balancer host, buckets,
  applications, agents, DNS zones and service tasks; prices of bare metal and subscriptions; the month in which "VIP"
  was dropped.
- API v1: members beyond those that the reference names, dates (ISO 8601), the form of its XML.

Differs from what is known, and why:

- Four failed sign-ins lock a user for one minute, not until an administrator unlocks: a demonstration must go on. A
  restart forgets failures.
- The address of an operation on a second network is relative, as for a claimed network: the recordings have an
  absolute one there, with which no published client can go on.
- Only servers that are archived together share a job; the recordings show both, and one job for each is easier to
  try.
- Changing the nodes of a pool never answers 500 "Operation already in progress", as it takes no time; jobs end
  `unknown` or go on `resumed` only if asked: `--faults` does all three where wanted.
- An account may have 20 networks, not 3, as long as its scenario does not say otherwise: most need more.
- Invoices of the running month count hours up to now; an invoice counts as paid when the next one is made. Bandwidth
  is what a scenario says that a server sends; credits and service tasks come from the scenario alone, and credits
  never pay out.
- Webhooks go to this machine and to hosts that the command names (`--webhook-host`), by http too; the real ones go to
  any address, by https alone. The key is made anew for each state file. Nothing fires Alert.Notification and User.*.
- Scheduled activities happen, but those missed by more than a year when time makes a leap; a plan to delete a group
  deletes the servers in it. Limits, defaults and autoscale policies are kept and shown, and nothing comes of them.
- Agents, packages and patches do nothing but being there, being run and being told of. What is stored of a backup is
  the same on every day. Everything in a bucket is one object.
- Suspending an account stops its servers and shows it as disabled; its users may still sign in.
- Statuses of jobs on other hosts (FAILED, failed) stand for `unknown` too. Rate limits are not kept.
- Not there: blueprints, making servers managed afterwards, reports of backups as files, installers for machines
  outside of the platform, addresses of type `virtual`, bare lists of what is in a bucket beyond one page.
"""

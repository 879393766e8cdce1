// The façade of the module, in reading order:
//
// - `PolicySet`: rule files, linked. Immutable, shared, with a revision.
// - `Authorizer`: decides requests against a set, with storage that is reused; one a thread.
// - `Request` and `Decision`: what goes in and what comes out; `Decision.json()` is an AuthZEN
//   decision.
// - `PolicyLoadError`, `RequestError`: everything that is wrong with what somebody wrote, with its
//   place.
//
// ```swift
// let policies = try PolicySet(folder: "policies")
// var authorizer = Authorizer(policies)
// let decision = try authorizer.decide(
//   Request(
//     subject: .init(type: "user", id: "alice", properties: ["roles": ["machine_learning_admin"]]),
//     action: .init(name: "cluster:admin/xpack/ml/inference/model_aliases/put"),
//     resource: .init(type: "model_alias", id: "flight_delay")))
// ```

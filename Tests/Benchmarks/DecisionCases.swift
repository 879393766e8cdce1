import CEL
import PolicyEngine

/// Whole decisions with the shipped policies.
extension Harness {
  mutating func measureDecisions() throws {
    let policies = try PolicySet(folder: "policies")
    var authorizer = Authorizer(policies)
    let alias = Array(
      """
      {"subject":{"type":"user","id":"alice","properties":{"roles":["machine_learning_admin"]}},\
      "action":{"name":"cluster:admin/xpack/ml/inference/model_aliases/put","properties":{"reassign":true}},\
      "resource":{"type":"model_alias","id":"flight_delay","properties":{"current_model":{"id":"delay-1",\
      "model_type":"tree_ensemble","inference_type":"regression","input_fields":["a","b","c"]},\
      "new_model":{"id":"delay-2","model_type":"tree_ensemble","inference_type":"regression","input_fields":["a","b","c"]}}},\
      "context":{}}
      """.utf8)
    measure("alias decision, JSON in, Decision out", operations: 5_000) { count in
      var allowed = 0
      for _ in 0..<count where (try? authorizer.decide(json: alias))?.isAllowed == true {
        allowed += 1
      }
      return allowed
    }
    measure("alias outcome, JSON in", target: 1_500, operations: 5_000) { count in
      var allowed = 0
      for _ in 0..<count where (try? authorizer.outcome(json: alias)) == .allow { allowed += 1 }
      return allowed
    }
    let clock = ContinuousClock()
    let start = clock.now
    _ = try PolicySet(folder: "policies")
    print("loading policies/: \(start.duration(to: clock.now))")
  }
}

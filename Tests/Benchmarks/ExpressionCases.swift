import CEL

/// Expressions that policies are made of, compiled once, with values already in the engine's form
/// and the budget on.
extension Harness {
  mutating func measureExpressions() throws {
    try expression("a == 1", "a == 1", ["a": 1], target: 30, floor: Floors.equalsOne)
    try expression(
      "'manage_ml' in user.privileges (6)", "'manage_ml' in user.privileges",
      ["user": ["privileges": ["a", "b", "c", "monitor_ml", "d", "manage_ml"]]], target: 60,
      floor: Floors.isMember)
    try expression(
      "alias.matches('[0-9]$'), 22 characters", "alias.matches('[0-9]$')",
      ["alias": "flight-delay-prediction"], target: 200, floor: Floors.endsInDigit)
    for (count, target) in [(5, 700.0), (50, 3_000.0)] {
      let mine = CELValue.list((0..<count).map { .string("role-of-mine-\($0)") })
      let theirs = CELValue.list((0..<count).map { .string("role-of-group-\($0)") })
      try expression(
        "exists(r, r in list) \(count)×\(count), no hit",
        "user.backend_roles.exists(r, r in group.backend_roles)",
        ["user": ["backend_roles": mine], "group": ["backend_roles": theirs]], target: target,
        floor: Floors.intersects(count))
    }
    try expression(
      "five conjuncts",
      "user.age >= 18 && user.department == 'ml' && 'editor' in user.roles && !user.suspended && user.name.startsWith('a')",
      [
        "user": [
          "age": 20, "department": "ml", "roles": ["editor"], "suspended": false, "name": "alice",
        ]
      ],
      target: 100, floor: Floors.fiveConjuncts)
    try expression(
      "all over 1,000 integers", "xs.all(x, x >= 0)",
      ["xs": .list((0..<1_000).map { .int(Int64($0)) })],
      target: 15_000, operations: 2_000, floor: Floors.allPositive)
  }

  private mutating func expression(
    _ name: String, _ source: String, _ bindings: [String: CELValue], target: Double,
    operations: Int = 200_000,
    floor: ((Int) -> Int)? = nil
  ) throws {
    var environment = Environment()
    for variable in bindings.keys { environment.declare(variable) }
    let compiled = try environment.compile(source)
    var evaluator = Evaluator(compiled)
    for (variable, value) in bindings { try evaluator.bind(variable, to: value) }
    // Conditions allocate nothing, once their storage is warm.
    measure(name, target: target, allocates: 0, operations: operations, floor: floor) { count in
      var trues = 0
      for _ in 0..<count {
        evaluator.refuel()
        if evaluator.isTrue() { trues += 1 }
      }
      return trues
    }
  }

  mutating func measureCompiling() throws {
    var environment = Environment()
    for name in ["subject", "resource", "action"] { environment.declare(name, .map(.string, .dyn)) }
    let source =
      "has(resource.current_model) && resource.current_model.inference_type != resource.new_model.inference_type"
    measure("compile a typical condition", target: 20_000, operations: 500) { count in
      var done = 0
      for _ in 0..<count where (try? environment.compile(source)) != nil { done += 1 }
      return done
    }
  }
}

import AllocationCounter
import CEL
import Dispatch
import PolicyEngine

/// Whole decisions, each with 10 to 100,000 rules in the set beside the shipped ones.
///
/// "Text in the request": the action's name, the resource's type and id and every text among the
/// attributes are Swift strings. The subject was prepared. Requests are alike, as they mostly are,
/// so that texts are compared with those of the request before, and lists recognised; where "texts
/// change", each is another one every time and has to be looked for.
extension Harness {
  mutating func measureDecisions(_ sizes: [Int]) throws {
    guard wants("decision") || wants("threads") || wants("access") || wants("JSON") || wants("load")
    else { return }
    for size in sizes {
      let policies = try load(size)
      let shape = try RequestShape(Workload.attributes)
      var authorizer = PreparedAuthorizer(policies, shape)
      let slots = try Workload.Slots(shape)
      try measureRoles(&authorizer, size)
      try measureAlias(&authorizer, slots, size, action: Workload.seven, name: "seven rules")
      try measureAlias(
        &authorizer, slots, size, action: Workload.alias, name: "the shipped fourteen")
      try measureAlias(
        &authorizer, slots, size, action: Workload.seven, name: "seven rules, texts change",
        changes: true)
      for count in [5, 50] {
        try measureGroup(&authorizer, slots, count, size)
        try measureGroup(&authorizer, slots, count, size, changes: true)
      }
      try measureDenials(policies, size)
      try measureJSON(policies, size)
    }
    if wants("threads") { try measureThreads() }
  }

  /// Loads the set and notes how long that took and what it came to: by one task and by all, and
  /// once more after one rule has changed.
  private mutating func load(_ size: Int) throws -> PolicySet {
    let sources = try Workload.sources(size)
    let before = Process.residentBytes
    var policies = try PolicySet(sources)
    let memory = Double(max(0, Process.residentBytes - before)) / Double(size)
    let runs = rounds > 5 ? 3 : 1
    var options = LoadOptions()
    options.tasks = 1
    try note("load, \(size) rules, one thread", runs: runs) {
      _ = try PolicySet(sources, timeZones: TimeZones(), options: options)
    }
    try note("load, \(size) rules", runs: runs, bytesPerRule: memory) {
      policies = try PolicySet(sources)
    }
    options = LoadOptions()
    options.cache = PolicyCache()
    _ = try PolicySet(sources, timeZones: TimeZones(), options: options)
    let changed = [Workload.change, Workload.otherChange].map { sources + [$0] }
    var next = 0
    try note("load again, \(size) rules and a changed file of one", runs: runs) {
      _ = try PolicySet(changed[next % 2], timeZones: TimeZones(), options: options)
      next += 1
    }
    return policies
  }

  /// What a set takes that stays, in a process that has loaded the shipped policies alone.
  func measureMemory(_ size: Int) throws {
    let sources = try Workload.sources(size)
    let shipped = try PolicySet(try Workload.sources(10))
    let (resident, allocated) = (Process.residentBytes, Int(allocation_octets()))
    let policies = try PolicySet(sources)
    withExtendedLifetime((shipped, policies)) {
      let (now, inUse) = (Process.residentBytes - resident, Int(allocation_octets()) - allocated)
      print("\(size) rules: \(inUse / size) bytes a rule in use, \(now / size) resident")
    }
  }

  private mutating func note(
    _ name: String, runs: Int, bytesPerRule: Double? = nil, _ body: () throws -> Void
  ) throws {
    var best = Double.infinity
    var wall = Double.infinity
    for _ in 0..<runs {
      let (start, wallStart) = (Process.nanoseconds, Process.wallNanoseconds)
      try body()
      best = min(best, Double(Process.nanoseconds - start) / 1_000_000)
      wall = min(wall, Double(Process.wallNanoseconds - wallStart) / 1_000_000)
    }
    note(Load(name: name, milliseconds: best, wallMilliseconds: wall, bytesPerRule: bytesPerRule))
  }

  private mutating func measureRoles(_ authorizer: inout PreparedAuthorizer, _ size: Int) throws {
    let subject = try authorizer.prepare(
      .init(
        type: "user", id: "ada", properties: ["roles": ["role-3"], "department": "d4", "level": 3]))
    let actions = (0..<64).map { "model:act-\($0 % 50)" }
    let ids = (0..<64).map { "model-\($0 * 3 + 1)" }
    measure(
      "role decision, \(size) rules", target: 150, allocates: 0, operations: 50_000,
      floor: Floors.roles
    ) { count in
      var allowed = 0
      for index in 0..<count {
        try? authorizer.begin(
          subject, action: actions[index & 63], resource: "model", id: ids[index & 63])
        if authorizer.outcome() == .allow { allowed += 1 }
      }
      return allowed
    }
  }

  private mutating func measureAlias(
    _ authorizer: inout PreparedAuthorizer, _ slots: Workload.Slots, _ size: Int, action: String,
    name: String, changes: Bool = false
  ) throws {
    let subject = try authorizer.prepare(
      .init(
        type: "user", id: "alice", properties: ["roles": ["machine_learning_admin", "alias-admin"]])
    )
    let (one, other) = (Workload.AliasTexts(0), Workload.AliasTexts(changes ? 1 : 0))
    // The texts are the caller's, who lends them: taking them out of an array for each call retained
    // nine strings a decision, which was counted here as if the engine did it.
    func ask(_ texts: Workload.AliasTexts) -> Bool {
      try? authorizer.begin(subject, action: action, resource: "model_alias", id: texts.alias)
      authorizer.set(slots.reassign, true)
      for (index, model) in slots.models.enumerated() {
        if index == 0 {
          authorizer.set(model.id, texts.old)
        } else {
          authorizer.set(model.id, texts.new)
        }
        authorizer.set(model.type, texts.type)
        authorizer.set(model.kind, texts.kind)
        authorizer.set(model.fields, texts.fields)
      }
      return authorizer.outcome() == .allow
    }
    measure(
      "alias decision (\(name)), \(size) rules", target: 300, allocates: 0, operations: 20_000,
      floor: Floors.alias
    ) { count in
      var allowed = 0
      for number in 0..<count where number & 1 == 0 ? ask(one) : ask(other) { allowed += 1 }
      return allowed
    }
  }

  private mutating func measureGroup(
    _ authorizer: inout PreparedAuthorizer, _ slots: Workload.Slots, _ roles: Int, _ size: Int,
    changes: Bool = false
  ) throws {
    let subject = try authorizer.prepare(
      .init(
        type: "user", id: "ada",
        properties: [
          "roles": ["role-3"], "backend_roles": Workload.list(Workload.roles("mine", roles)),
        ]))
    let groups = (0..<2).map { Workload.roles(changes && $0 == 1 ? "other" : "group", roles) }
    measure(
      "group access \(roles)×\(roles)\(changes ? ", texts change" : ""), \(size) rules",
      target: roles == 5 ? 150 : 600, allocates: 0, operations: 20_000, floor: Floors.group(roles)
    ) { count in
      var denied = 0
      for number in 0..<count {
        try? authorizer.begin(subject, action: "group:access", resource: "model_group", id: "g1")
        authorizer.set(slots.access, "restricted")
        authorizer.set(slots.owner, "eve")
        authorizer.set(slots.backendRoles, groups[changes ? number & 1 : 0])
        if authorizer.outcome() == .deny { denied += 1 }
      }
      return denied
    }
  }

  private mutating func measureDenials(_ policies: PolicySet, _ size: Int) throws {
    var authorizer = Authorizer(policies)
    authorizer.explains = true
    let json = Workload.aliasDenied
    measure("deny with explanation, JSON in, \(size) rules", target: 5_000, operations: 2_000) {
      count in
      var clauses = 0
      for _ in 0..<count {
        clauses += (try? authorizer.decide(json: json))?.reasons.first?.clauses.count ?? 0
      }
      return clauses
    }
  }

  private mutating func measureJSON(_ policies: PolicySet, _ size: Int) throws {
    var authorizer = Authorizer(policies)
    let json = Workload.aliasRequest
    measure("alias outcome, JSON in, \(size) rules", target: 1_500, operations: 10_000) { count in
      var allowed = 0
      for _ in 0..<count where (try? authorizer.outcome(json: json)) == .allow { allowed += 1 }
      return allowed
    }
    var writer = JSONWriter()
    measure("JSON request to JSON decision, \(size) rules", target: 2_000, operations: 10_000) {
      count in
      var allowed = 0
      for _ in 0..<count {
        writer.removeAll()
        try? authorizer.answer(json: json, in: 0..<json.count, into: &writer) { outcome in
          if outcome == .allow { allowed += 1 }
        }
      }
      return allowed
    }
  }

  /// The same set decided by one thread and by two: what one decision then takes of a processor.
  private mutating func measureThreads() throws {
    let policies = try PolicySet(try Workload.sources(1_000))
    let json = Workload.aliasRequest
    for threads in [1, 2] {
      measure("JSON request to JSON decision, \(threads) threads", operations: 20_000) { count in
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
          var authorizer = Authorizer(policies)
          var writer = JSONWriter()
          for _ in 0..<count / threads {
            writer.removeAll()
            try? authorizer.answer(json: json, in: 0..<json.count, into: &writer) { _ in }
          }
        }
        return count
      }
    }
  }
}

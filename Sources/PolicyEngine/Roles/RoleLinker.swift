import CEL

/// Resolves the names of privileges and roles across all documents.
struct RoleLinker {
  private(set) var table = RoleTable()
  private(set) var diagnostics: [LoadDiagnostic] = []
  private var privilegeIndex: [String: Int] = [:]
  private var included: [[(name: Named, file: SourceFile)]] = []

  mutating func link(_ documents: [PolicyDocument]) {
    for document in documents { declarePrivileges(document) }
    for document in documents { declareRoles(document) }
    resolvePrivileges(documents)
    resolveIncludes()
  }

  private mutating func report(
    _ file: SourceFile, _ code: String, _ message: String, _ node: Int, help: String? = nil
  ) {
    diagnostics.append(
      file.diagnostic(code, message, at: file.tape.sourceRange(of: node), help: help))
  }

  static func set(_ patterns: [Named], _ exceptions: [Named] = []) -> ActionSet {
    ActionSet(
      patterns: patterns.compactMap { ActionPattern($0.name) },
      exceptions: exceptions.compactMap { ActionPattern($0.name) })
  }

  private mutating func declarePrivileges(_ document: PolicyDocument) {
    for privilege in document.privileges {
      let name = privilege.name.name
      if let other = privilegeIndex[name] {
        report(
          document.file, "duplicate-name", "privilege `\(name)` is declared twice",
          privilege.name.node,
          help: "it stands first at \(table.privileges[other].position)")
        continue
      }
      privilegeIndex[name] = table.privileges.count
      table.privileges.append(
        RoleTable.Privilege(
          name: name, policy: document.name.name,
          actions: Self.set(privilege.actions, privilege.exceptions),
          position: document.file.position(ofNode: privilege.name.node),
          description: privilege.description))
    }
  }

  private mutating func declareRoles(_ document: PolicyDocument) {
    for role in document.roles {
      let name = role.name.name
      if let other = table.roleIndex[name] {
        report(
          document.file, "duplicate-name", "role `\(name)` is declared twice", role.name.node,
          help: "it stands first at \(table.roles[other].position)")
        continue
      }
      table.roleIndex[name] = table.roles.count
      table.roles.append(
        RoleTable.Role(
          name: name, policy: document.name.name, privileges: [], actions: Self.set(role.actions),
          includes: [],
          position: document.file.position(ofNode: role.name.node), description: role.description))
      included.append(role.roles.map { ($0, document.file) })
    }
  }

  private mutating func resolvePrivileges(_ documents: [PolicyDocument]) {
    for document in documents {
      for role in document.roles {
        guard let index = table.roleIndex[role.name.name] else { continue }
        for privilege in role.privileges {
          if let known = privilegeIndex[privilege.name] {
            table.roles[index].privileges.append(known)
          } else {
            report(
              document.file, "unknown-privilege", "there is no privilege `\(privilege.name)`",
              privilege.node,
              help: suggestion(for: privilege.name, among: privilegeIndex.keys).map {
                "did you mean `\($0)`?"
              })
          }
        }
      }
      for mapping in document.mappings where table.roleIndex[mapping.role.name] == nil {
        report(
          document.file, "unknown-role", "there is no role `\(mapping.role.name)`",
          mapping.role.node,
          help: suggestion(for: mapping.role.name, among: table.roleIndex.keys).map {
            "did you mean `\($0)`?"
          })
      }
    }
  }

  /// The roles that each role includes; a role that includes itself is an error. Iterative, and
  /// without lists of all that a role includes in the end: chains of roles may be as long as a
  /// file.
  private mutating func resolveIncludes() {
    var edges: [[Int]] = []
    for names in included {
      var targets: [Int] = []
      for (name, file) in names {
        if let target = table.roleIndex[name.name] {
          targets.append(target)
        } else {
          report(
            file, "unknown-role", "there is no role `\(name.name)`", name.node,
            help: suggestion(for: name.name, among: table.roleIndex.keys).map {
              "did you mean `\($0)`?"
            })
        }
      }
      edges.append(targets)
    }
    let (_, rest) = Self.topologicalOrder(edges)
    for cycle in Self.cycles(edges, rest) {
      let (name, next) = (table.roles[cycle[0]].name, cycle.count > 1 ? cycle[1] : cycle[0])
      guard let place = included[cycle[0]].first(where: { table.roleIndex[$0.name.name] == next })
      else { continue }
      let path = Self.path(cycle.map { table.roles[$0].name })
      report(place.file, "role-cycle", "role `\(name)` includes itself\(path)", place.name.node)
    }
    for (index, targets) in edges.enumerated() { table.roles[index].includes = targets }
  }

  /// How a cycle comes about: nothing if something uses itself directly.
  static func path(_ names: [String]) -> String {
    guard names.count > 1 else { return "" }
    let shown = names.count > 8 ? Array(names.prefix(4)) + ["…"] + names.suffix(3) : names
    return ": "
      + (shown + [names[0]]).map { "`\($0)`" }.joined(separator: " → ").replacing("`…`", with: "…")
  }

  /// Cycles among indexes of which each points at another one of them (what `topologicalOrder`
  /// leaves over). Each index is part of one of the cycles at most; the others lead into one.
  static func cycles(_ edges: [[Int]], _ rest: [Int]) -> [[Int]] {
    var isLeft = Array(repeating: false, count: edges.count)
    for index in rest { isLeft[index] = true }
    var walk = Array(repeating: -1, count: edges.count)
    var cycles: [[Int]] = []
    for start in rest where walk[start] < 0 {
      var path: [Int] = []
      var index = start
      while walk[index] < 0 {
        walk[index] = start
        path.append(index)
        guard let next = edges[index].first(where: { isLeft[$0] }) else { break }
        index = next
      }
      // A walk that ends in an earlier one found no new cycle.
      guard walk[index] == start, let first = path.firstIndex(of: index) else { continue }
      cycles.append(Array(path[first...]))
    }
    return cycles
  }

  /// Indexes with everything that they point at before them, and the indexes that are on or behind
  /// a cycle.
  static func topologicalOrder(_ edges: [[Int]]) -> (order: [Int], cycle: [Int]) {
    var waiting = edges.map { Set($0).count }
    var users: [[Int]] = Array(repeating: [], count: edges.count)
    for (index, targets) in edges.enumerated() {
      for target in Set(targets) { users[target].append(index) }
    }
    var ready = waiting.indices.filter { waiting[$0] == 0 }
    var order: [Int] = []
    while let index = ready.popLast() {
      order.append(index)
      for user in users[index] {
        waiting[user] -= 1
        if waiting[user] == 0 { ready.append(user) }
      }
    }
    return (order, waiting.indices.filter { waiting[$0] > 0 })
  }
}

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
    resolveClosures()
  }

  private mutating func report(
    _ file: SourceFile, _ code: String, _ message: String, _ node: Int, help: String? = nil
  ) {
    diagnostics.append(file.diagnostic(code, message, at: file.tape.sourceRange(of: node), help: help))
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
          document.file, "duplicate-name", "privilege `\(name)` is declared twice", privilege.name.node,
          help: "it stands first at \(table.privileges[other].position)")
        continue
      }
      privilegeIndex[name] = table.privileges.count
      table.privileges.append(
        RoleTable.Privilege(
          name: name, policy: document.name.name, actions: Self.set(privilege.actions, privilege.exceptions),
          position: document.file.position(ofNode: privilege.name.node), description: privilege.description))
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
          name: name, policy: document.name.name, privileges: [], actions: Self.set(role.actions), closure: [],
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
              document.file, "unknown-privilege", "there is no privilege `\(privilege.name)`", privilege.node,
              help: suggestion(for: privilege.name, among: privilegeIndex.keys).map { "did you mean `\($0)`?" })
          }
        }
      }
      for mapping in document.mappings where table.roleIndex[mapping.role.name] == nil {
        report(
          document.file, "unknown-role", "there is no role `\(mapping.role.name)`", mapping.role.node,
          help: suggestion(for: mapping.role.name, among: table.roleIndex.keys).map { "did you mean `\($0)`?" })
      }
    }
  }

  /// The roles that each role includes, directly or not; a role that includes itself is an error. Iterative: chains of roles may
  /// be as long as a file.
  private mutating func resolveClosures() {
    var edges: [[Int]] = []
    for names in included {
      var targets: [Int] = []
      for (name, file) in names {
        if let target = table.roleIndex[name.name] {
          targets.append(target)
        } else {
          report(
            file, "unknown-role", "there is no role `\(name.name)`", name.node,
            help: suggestion(for: name.name, among: table.roleIndex.keys).map { "did you mean `\($0)`?" })
        }
      }
      edges.append(targets)
    }
    let (order, cycle) = Self.topologicalOrder(edges)
    for index in cycle {
      guard let first = included[index].first(where: { cycle.contains(table.roleIndex[$0.name.name] ?? -1) }) else { continue }
      report(first.file, "role-cycle", "role `\(table.roles[index].name)` includes itself", first.name.node)
    }
    for index in order {
      var closure = [index]
      var seen: Set<Int> = [index]
      for target in edges[index] {
        for role in table.roles[target].closure where seen.insert(role).inserted { closure.append(role) }
      }
      table.roles[index].closure = closure
    }
  }

  /// Indexes with everything that they point at before them, and the indexes that are on or behind a cycle.
  static func topologicalOrder(_ edges: [[Int]]) -> (order: [Int], cycle: [Int]) {
    var waiting = edges.map { Set($0).count }
    var users: [[Int]] = Array(repeating: [], count: edges.count)
    for (index, targets) in edges.enumerated() { for target in Set(targets) { users[target].append(index) } }
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

import CEL

/// To what a subject is limited, whatever its roles, mappings and rules give it: an API key that was
/// made for less than its owner may do.
///
/// Two attributes of a subject say so. They only ever narrow, so a request may carry them whoever
/// it comes from, and a value that makes no sense limits to nothing.
struct SubjectLimit: BitwiseCopyable, Sendable {
  /// `subject.role_limited`: what grants is roles in the request, and those mapped to its backend
  /// roles. No role is mapped to its name, and no rule's grant counts.
  static let roleLimited = "role_limited"
  /// `subject.privilege_limit`: names of privileges, and patterns over actions. Whatever none of
  /// these reaches is not granted.
  static let privilegeLimit = "privilege_limit"

  /// Whether mappings by name and rules' grants are left out.
  private(set) var isToRoles = false
  private var isToPrivileges = false
  private var privileges = Value.null

  /// Whether there is a limit at all.
  @inline(__always) var isAny: Bool { isToRoles || isToPrivileges }

  /// Takes note of an attribute of the subject, if it is one of these.
  @inline(__always)
  mutating func note(_ name: TextID, _ value: Value, _ known: KnownTexts) {
    if name == known.roleLimited {
      isToRoles = !value.isFalse
    } else if name == known.privilegeLimit {
      (isToPrivileges, privileges) = (true, value)
    }
  }

  /// Whether the limit reaches an action.
  func reaches(_ action: [UInt8], _ policies: PolicySet, _ memory: borrowing Memory) -> Bool {
    guard isToPrivileges else { return true }
    guard privileges.isList else { return false }
    for index in 0..<min(privileges.count, EngineLimits.limitEntries) {
      let element = memory.element(index, of: privileges)
      guard element.tag == .string else { continue }
      let name = Array(memory.octets[memory.range(of: element.text)])
      if Self.actions(String(decoding: name, as: UTF8.self), policies)?.contains(action) ?? false {
        return true
      }
    }
    return false
  }

  /// What an entry of a limit stands for: the privilege of that name, or else a pattern over
  /// actions, which has a colon.
  static func actions(_ name: String, _ policies: PolicySet) -> ActionSet? {
    if let privilege = policies.actions(ofPrivilege: name) { return privilege }
    guard name.utf8.contains(UInt8(ascii: ":")), let pattern = ActionPattern(name) else {
      return nil
    }
    return ActionSet(patterns: [pattern])
  }
}

extension Authorizer {
  /// Leaves of what was granted what a subject's limit reaches.
  @inline(never)
  mutating func limit(_ limit: SubjectLimit, to action: TextID) {
    trace.isGrantedByRolesAlone = limit.isToRoles
    trace.isBeyondLimit = !limit.reaches(name(.string(action)), policies, workspace.memory)
  }

  /// What would have to be different for a limited subject, where its limit is in the way.
  func missingLimit() -> MissingFacts? {
    guard trace.isBeyondLimit else { return nil }
    let path = "subject.\(SubjectLimit.privilegeLimit)"
    return MissingFacts(
      facts: [.init(text: "`\(path)` reaches the action", anyOf: [], path: path)], rule: nil)
  }
}

extension PolicySet {
  /// The actions that an entry of a privilege limit stands for: those of the privilege of that name,
  /// or those that it matches as a pattern; nil if it is neither.
  package func actions(ofLimit name: String) -> ActionSet? { SubjectLimit.actions(name, self) }
}

import CEL

/// Puts a typed request into memory, as `RequestReader` does with JSON.
struct RequestWriter {
  let known: KnownTexts

  func write(_ request: Request, into memory: inout Memory) throws(RequestError) -> RequestValues {
    var values = RequestValues()
    values.action = .string(memory.intern(request.action.name))
    values.resourceType = .string(memory.intern(request.resource.type))
    values.resourceID = .string(memory.intern(request.resource.id))
    var mark = memory.beginResults()
    memory.push(.string(known.name))
    memory.push(values.action)
    try push(request.action.properties, "action", reserved: ["name"], &memory)
    values.actionMap = memory.mapOfResults(from: mark)
    mark = memory.beginResults()
    memory.push(.string(known.type))
    memory.push(values.resourceType)
    memory.push(.string(known.id))
    memory.push(values.resourceID)
    try push(request.resource.properties, "resource", reserved: ["type", "id"], &memory)
    values.resourceMap = memory.mapOfResults(from: mark)
    mark = memory.beginResults()
    try push(request.context, "context", reserved: [], &memory)
    values.contextMap = memory.mapOfResults(from: mark)
    try write(request.subject, into: &memory, &values)
    return values
  }

  /// The subject comes last: its properties stay pushed until its roles are known.
  func write(
    _ subject: Request.Entity, into memory: inout Memory, _ values: inout RequestValues
  ) throws(RequestError) {
    values.subjectType = .string(memory.intern(subject.type))
    values.subjectID = .string(memory.intern(subject.id))
    let properties = subject.properties
    values.claimedRoles = try strings(properties["roles"], "roles", &memory)
    let backendRoles = try strings(properties["backend_roles"], "backend_roles", &memory)
    values.backendRoles = backendRoles
    values.subjectMark = memory.beginResults()
    if backendRoles.tag != .null {
      memory.push(.string(known.backendRoles))
      memory.push(backendRoles)
    }
    if let value = properties[SubjectLimit.roleLimited] {
      values.limit.note(known.roleLimited, memory.add(value), known)
    }
    if let value = properties[SubjectLimit.privilegeLimit] {
      values.limit.note(known.privilegeLimit, memory.add(value), known)
    }
    try push(
      properties, "subject", reserved: ["type", "id", "unknown_roles"],
      without: ["roles", "backend_roles"], &memory)
  }

  private func strings(
    _ value: CELValue?, _ name: String, _ memory: inout Memory
  ) throws(RequestError) -> Value {
    guard let value else { return .null }
    guard case .list(let elements) = value else {
      throw fault("wrong-type", "`subject.properties.\(name)` must be a list of strings")
    }
    guard elements.count <= EngineLimits.rolesPerSubject else {
      throw fault(
        "too-many-roles",
        "`subject.properties.\(name)` may have \(EngineLimits.rolesPerSubject) elements")
    }
    for element in elements {
      guard case .string = element else {
        throw fault("wrong-type", "`subject.properties.\(name)` must be a list of strings")
      }
    }
    return memory.add(value)
  }

  /// In the order of the names, so that the same request always looks the same.
  ///
  /// - Parameter others: names of properties that have been dealt with.
  private func push(
    _ properties: [String: CELValue], _ what: String, reserved: [String],
    without others: [String] = [], _ memory: inout Memory
  ) throws(RequestError) {
    if properties.count == 1, let (name, property) = properties.first {
      // Nothing to be sorted: that is an array, and most contexts hold the time and nothing else.
      return try push(name, property, what, reserved, others, &memory)
    }
    for (name, property) in properties.sorted(by: { $0.key < $1.key }) {
      try push(name, property, what, reserved, others, &memory)
    }
  }

  private func push(
    _ name: String, _ property: CELValue, _ what: String, _ reserved: [String],
    _ others: [String], _ memory: inout Memory
  ) throws(RequestError) {
    guard !others.contains(name) else { return }
    guard !reserved.contains(name) else {
      throw fault(
        "reserved-property", "the properties of `\(what)` can't hold `\(name)`, which is its own")
    }
    let value = memory.add(property)
    guard !value.isError else {
      throw fault(
        "wrong-type", "the property `\(name)` of `\(what)` nests too deeply or has unusable keys")
    }
    memory.push(.string(memory.intern(name)))
    memory.push(value)
  }

  private func fault(_ code: String, _ message: String) -> RequestError {
    RequestError(code: code, message: message, help: nil, line: 0, column: 0)
  }
}

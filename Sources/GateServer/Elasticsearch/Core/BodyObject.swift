import CEL

/// An object in a body, read strictly: what is not expected is an error that says where it stands.
struct BodyObject: Sendable {
  private let json: WireJSON
  private let node: Int
  /// What errors call it.
  private let name: String

  private init(_ json: WireJSON, _ node: Int, _ name: String) {
    (self.json, self.node, self.name) = (json, node, name)
  }

  /// Reads the body of a request.
  ///
  /// - Parameter name: what the object is, for errors.
  /// - Throws: `ErrorBody` if there is none, or none that is an object.
  init(_ request: WireRequest, _ name: String) throws(ErrorBody) {
    guard !request.body.isEmpty else {
      throw ErrorBody(400, "parse_exception", "request body is required")
    }
    do throws(JSONError) {
      json = try WireJSON(request.body)
    } catch {
      let place = LineMap(request.body).position(of: error.offset)
      throw ErrorBody(
        error.code == .tooLarge ? 413 : 400, "x_content_parse_exception",
        "[\(place.line):\(place.column)] \(error.message)")
    }
    (node, self.name) = (json.tape.root, name)
    guard json.tape.kind(of: node) == .object else {
      throw fault("expected an object but found \(token(node))", at: node)
    }
  }

  /// Names and values of the members.
  var members: [(name: String, value: Int)] {
    json.tape.children(of: node).map { (json.tape.string(of: $0), $0 + 1) }
  }

  var tape: JSONTape { json.tape }

  /// The value of a member.
  subscript(name: String) -> Int? { tape.member(name, of: node) }

  /// Refuses members that are not among these.
  func refuseOthers(than known: Set<String>) throws(ErrorBody) {
    for key in tape.children(of: node) where !known.contains(tape.string(of: key)) {
      let unknown = tape.string(of: key)
      let meant = suggestion(for: unknown, among: known.sorted())
      throw fault(
        "unknown field [\(unknown)]" + (meant.map { " did you mean [\($0)]?" } ?? ""), at: key)
    }
  }

  // MARK: Values

  func string(_ name: String) throws(ErrorBody) -> String? {
    guard let value = self[name] else { return nil }
    guard tape.kind(of: value) == .string else { throw wrongType(name, value) }
    return tape.string(of: value)
  }

  func flag(_ name: String) throws(ErrorBody) -> Bool? {
    guard let value = self[name] else { return nil }
    switch tape.kind(of: value) {
    case .true: return true
    case .false: return false
    default:
      if tape.isString(value, "true") || tape.isString(value, "false") {
        return tape.isString(value, "true")
      }
      throw wrongType(name, value)
    }
  }

  /// A whole number, which may stand in quotes.
  func number(_ name: String) throws(ErrorBody) -> Int64? {
    guard let value = self[name] else { return nil }
    if tape.kind(of: value) == .int { return tape.nodes[value].int }
    guard tape.kind(of: value) == .string, let number = Int64(tape.string(of: value)) else {
      throw tape.kind(of: value) == .string ? failed(name) : wrongType(name, value)
    }
    return number
  }

  /// A list of texts; one text alone is a list too.
  func texts(_ name: String) throws(ErrorBody) -> [String]? {
    guard let value = self[name] else { return nil }
    if tape.kind(of: value) == .string { return [tape.string(of: value)] }
    guard tape.kind(of: value) == .array else { throw wrongType(name, value) }
    var texts: [String] = []
    for element in tape.children(of: value) {
      guard tape.kind(of: element) == .string else { throw wrongType(name, element) }
      texts.append(tape.string(of: element))
    }
    return texts
  }

  func object(_ name: String, called title: String? = nil) throws(ErrorBody) -> BodyObject? {
    guard let value = self[name] else { return nil }
    guard tape.kind(of: value) == .object else { throw wrongType(name, value) }
    return BodyObject(json, value, title ?? name)
  }

  /// The elements of a list of objects.
  func objects(_ name: String) throws(ErrorBody) -> [BodyObject]? {
    guard let value = self[name] else { return nil }
    guard tape.kind(of: value) == .array else { throw wrongType(name, value) }
    var objects: [BodyObject] = []
    for element in tape.children(of: value) {
      guard tape.kind(of: element) == .object else { throw wrongType(name, element) }
      objects.append(BodyObject(json, element, name))
    }
    return objects
  }

  /// A value as it stands in the body.
  func source(of value: Int) -> ArraySlice<UInt8> { tape.source[tape.sourceRange(of: value)] }

  // MARK: Errors

  /// A member whose value can't be understood.
  func failed(_ name: String) -> ErrorBody {
    fault("failed to parse field [\(name)]", at: self[name] ?? node)
  }

  func wrongType(_ name: String, _ value: Int) -> ErrorBody {
    fault("\(name) doesn't support values of type: \(token(value))", at: value)
  }

  /// An error with its place.
  func fault(_ text: String, at value: Int) -> ErrorBody {
    let place = json.place(of: Int(tape.nodes[value].start))
    return ErrorBody(
      400, "x_content_parse_exception", "[\(place.line):\(place.column)] [\(name)] \(text)")
  }

  private func token(_ value: Int) -> String {
    switch tape.kind(of: value) {
    case .null: "VALUE_NULL"
    case .true, .false: "VALUE_BOOLEAN"
    case .int, .uint, .double: "VALUE_NUMBER"
    case .string: "VALUE_STRING"
    case .array: "START_ARRAY"
    case .object: "START_OBJECT"
    }
  }
}

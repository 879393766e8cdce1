import CEL

/// An AuthZEN search as it was read: an evaluation of which one part is looked for.
package struct SearchDocument: Sendable {
  /// What is looked for.
  package enum Wanted: String, CaseIterable, Sendable {
    case subject, resource, action
  }

  /// The request, in which the part that is looked for has its type and no id, or no name.
  package let request: Request
  /// Where a page before this one has ended.
  package let token: String?
  /// How many results are wanted at most.
  package let limit: Int?
  /// Whether the search speaks of pages at all.
  package let hasPage: Bool

  /// Reads a search.
  ///
  /// - Throws: `RequestError` with the place of what is wrong.
  package init(_ json: [UInt8], for wanted: Wanted) throws(RequestError) {
    var tape = JSONTape()
    try tape.readRequest(json)
    do throws(RequestError) {
      guard tape.kind(of: tape.root) == .object else { throw .notAnObject(tape, tape.root) }
      let reader = TypedReader(tape: tape)
      let parts = RequestReader.parts(of: tape.root, in: tape)
      let root = tape.root
      let subject = try reader.object(parts.subject, "subject", root)
      let resource = try reader.object(parts.resource, "resource", root)
      var request = Request(
        subject: try reader.subject(subject, hasID: wanted != .subject),
        action: wanted == .action
          ? Request.Action(name: "")
          : try reader.action(try reader.object(parts.action, "action", root)),
        resource: try reader.resource(resource, hasID: wanted != .resource),
        context: [:])
      if let node = parts.context { request.context = try reader.context(node) }
      self.request = request
      (token, limit, hasPage) = try Self.page(reader)
    } catch {
      var places = PlaceFinder()
      throw places.located(error, in: tape)
    }
  }

  private static func page(
    _ reader: TypedReader
  ) throws(RequestError) -> (token: String?, limit: Int?, hasPage: Bool) {
    let tape = reader.tape
    guard let page = tape.member("page", of: tape.root) else { return (nil, nil, false) }
    guard tape.kind(of: page) == .object else { throw .wrongType("page", "an object", page, tape) }
    var token: String?
    if let node = tape.member("token", of: page) {
      guard tape.kind(of: node) == .string else {
        throw .wrongType("page.token", "a string", node, tape)
      }
      token = tape.string(of: node)
    }
    guard let node = tape.member("limit", of: page) else { return (token, nil, true) }
    guard tape.kind(of: node) == .int, tape.nodes[node].int >= 0 else {
      throw .wrongType("page.limit", "a whole number from 0", node, tape)
    }
    return (token, Int(tape.nodes[node].int), true)
  }
}

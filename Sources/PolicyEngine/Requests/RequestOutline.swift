import CEL

/// Who wants to do what to which resource: enough of a request to head its answer with.
///
/// Nothing is checked: what a request lacks is nil. For one that can't be read there is no outline.
public struct RequestOutline: Hashable, Sendable {
  /// Type and id of the subject.
  public let subjectType, subjectID: String?
  /// Name of the action.
  public let action: String?
  /// Type and id of the resource.
  public let resourceType, resourceID: String?

  /// The outlines of an evaluation (one) or of a batch (one for each item, in order).
  public static func outlines(of json: [UInt8]) -> [RequestOutline] {
    var tape = JSONTape()
    do throws(RequestError) {
      try tape.readRequest(json)
      guard let batch = try Batch(tape) else {
        return [RequestOutline(RequestReader.parts(of: tape.root, in: tape), tape)]
      }
      return batch.items.map { RequestOutline(batch.parts(of: $0, in: tape), tape) }
    } catch {
      return []
    }
  }

  /// The outline of a request.
  public init(_ request: Request) {
    (subjectType, subjectID) = (request.subject.type, request.subject.id)
    action = request.action.name
    (resourceType, resourceID) = (request.resource.type, request.resource.id)
  }

  private init(_ parts: RequestReader.Parts, _ tape: borrowing JSONTape) {
    subjectType = Self.text("type", parts.subject, tape)
    subjectID = Self.text("id", parts.subject, tape)
    action = Self.text("name", parts.action, tape)
    resourceType = Self.text("type", parts.resource, tape)
    resourceID = Self.text("id", parts.resource, tape)
  }

  private static func text(_ name: String, _ node: Int?, _ tape: borrowing JSONTape) -> String? {
    guard let node, let member = tape.member(name, of: node), tape.kind(of: member) == .string
    else { return nil }
    return tape.string(of: member)
  }
}

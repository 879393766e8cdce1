package import CEL
import ModelRegistry
package import PolicyEngine
import PolicyGate

/// An error as Elasticsearch and OpenSearch, which have one ancestor, write it.
///
/// Both write these members in this order (the REST layer of either).
package struct ErrorBody: Error, Sendable {
  /// HTTP status.
  package var status: Int
  /// The exception's class in words: `resource_not_found_exception`.
  package var type: String
  /// For people.
  package var reason: String
  /// Further members of the error, behind the reason, such as `line` and `col`.
  package var members: [(name: String, value: CELValue)] = []
  /// Header fields to send along.
  package var headers = WireHeaders()

  /// An error from its parts.
  package init(_ status: Int, _ type: String, _ reason: String) {
    (self.status, self.type, self.reason) = (status, type, reason)
  }

  /// An argument is not what it has to be.
  package static func illegalArgument(_ reason: String) -> ErrorBody {
    ErrorBody(400, "illegal_argument_exception", reason)
  }

  /// The response: the error once as the root cause and once as itself.
  package var response: WireResponse {
    var response = WireResponse.json(status) { writer in
      writer.beginObject()
      writer.name("error")
      writer.beginObject()
      writer.name("root_cause")
      writer.beginArray()
      writer.beginObject()
      writeMembers(to: &writer)
      writer.endObject()
      writer.endArray()
      writeMembers(to: &writer)
      writer.endObject()
      writer.member("status", status)
      writer.endObject()
    }
    for (name, value) in headers.fields { response.headers.add(name, value) }
    return response
  }

  private func writeMembers(to writer: inout JSONWriter) {
    writer.member("type", type)
    writer.member("reason", reason)
    for (name, value) in members {
      writer.name(name)
      writer.value(value)
    }
  }
}

extension ErrorBody {
  /// What a failed operation of the registry is told as: a refusal as its deciding rule says, or
  /// else as `refusal` words it; everything else by what kind of obstacle it is. Nothing of the
  /// inside is told.
  package init(_ error: any Error, refusal: (Decision) -> ErrorBody) {
    switch error {
    case let error as ErrorBody: self = error
    case let error as Refusal:
      if let wire = error.error {
        self.init(wire.status, wire.type, wire.reason)
      } else {
        self = refusal(error.decision)
      }
    case let error as RegistryError: self.init(error)
    case GateError.malformed(let error): self = .illegalArgument(error.message)
    case is CancellationError:
      self.init(503, "status_exception", "the request took too long and was given up")
    default:
      self.init(503, "status_exception", "the registry can't be reached; nothing was done")
    }
  }

  private init(_ error: RegistryError) {
    let type =
      switch error.kind {
      case .invalid: "illegal_argument_exception"
      case .notFound: "resource_not_found_exception"
      case .alreadyExists, .inUse, .contended, .tooLarge, .otherPolicies, .outcomeUnknown:
        "status_exception"
      }
    self.init(error.status, type, error.description)
  }
}

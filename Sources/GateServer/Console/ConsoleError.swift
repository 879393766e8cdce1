import CEL
import ModelRegistry
import PolicyEngine
import PolicyGate

/// An error of ModelGate's own API: `{"error": {"code", "message", "help"}}`.
struct ConsoleError: Error {
  var status: Int
  /// A stable name.
  var code: String
  var message: String
  /// What to do about it.
  var help: String?
  /// For a denial: what denied.
  var reasons: [Reason] = []
  /// For policies that do not load: everything that is wrong with them.
  var diagnostics: [LoadDiagnostic] = []
  var headers = WireHeaders()

  init(_ status: Int, _ code: String, _ message: String, help: String? = nil) {
    (self.status, self.code, self.message, self.help) = (status, code, message, help)
  }

  /// What is told of an error from below. Nothing of the inside is.
  init(_ error: any Error) {
    switch error {
    case let error as ConsoleError: self = error
    case let error as RequestError:
      let place = error.line > 0 ? " (line \(error.line), column \(error.column))" : ""
      self.init(400, error.code, error.message + place, help: error.help)
    case let refusal as Refusal:
      self.init(
        403, "forbidden", refusal.decision.reasons.map(\.message).joined(separator: "; "),
        help: "ask for a role that grants it")
      reasons = refusal.decision.reasons
    case let error as PolicyLoadError:
      self.init(
        422, "does_not_load", "\(error.diagnostics.count) faults: what was in force stays in force",
        help: "mend the files, then reload")
      diagnostics = error.diagnostics
    default:
      self.init(
        503, "unavailable", "the store can't be read or the log can't be written; nothing was done",
        help: "look at the server's log, then try again")
    }
  }

  var response: WireResponse {
    var response = WireResponse.json(status) { writer in
      writer.beginObject()
      writer.name("error")
      writer.beginObject()
      writer.member("code", code)
      writer.member("message", message)
      if let help { writer.member("help", help) }
      if !reasons.isEmpty {
        writer.name("reasons")
        writer.beginArray()
        for reason in reasons {
          writer.beginObject()
          if let rule = reason.rule { writer.member("rule", rule) }
          writer.member("message", reason.message)
          writer.endObject()
        }
        writer.endArray()
      }
      if !diagnostics.isEmpty {
        writer.name("diagnostics")
        writer.write(diagnostics)
      }
      writer.endObject()
      writer.endObject()
    }
    for (name, value) in headers.fields { response.headers.add(name, value) }
    return response
  }
}

extension JSONWriter {
  /// Everything that is wrong with files.
  mutating func write(_ diagnostics: [LoadDiagnostic]) {
    beginArray()
    for diagnostic in diagnostics {
      beginObject()
      member("code", diagnostic.code)
      member("severity", diagnostic.severity.rawValue)
      member("message", diagnostic.message)
      if let help = diagnostic.help { member("help", help) }
      member("file", diagnostic.position.file)
      member("line", diagnostic.position.line)
      member("column", diagnostic.position.column)
      endObject()
    }
    endArray()
  }
}

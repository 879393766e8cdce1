import CEL
public import PolicyEngine

/// An operation on a registry that somebody has written down, as tests do: tried without a store and
/// without policies.
///
/// ```json
/// { "name": "put_alias",
///   "subject": { "type": "user", "id": "alice", "properties": { "roles": ["machine_learning_admin"] } },
///   "parameters": { "alias": "delay", "model_id": "delay-2" } }
/// ```
///
/// What policies would be asked and whether the registry would do it come of the operation's own
/// code, as when it is performed: there is no second reading of the rules here.
public struct StatedOperation {
  /// What policies would be asked, and why the registry would refuse what they allow.
  public typealias Answer = (request: Request, obstacle: (kind: String, message: String)?)

  private let subject: Request.Entity
  private let time: Int64
  private let operation: NamedOperation.Prepared
  private let file: SourceFile

  /// Midnight at the start of 2000, for tests that do not say when.
  static let standardTime: Int64 = 946_684_800_000

  /// Tries an operation.
  ///
  /// - Parameters:
  ///   - operation: a JSON object with `name`, `subject`, `parameters` and, if rules ask for it, `now`.
  ///   - registry: a JSON object of what is in the registry; nil for an empty one.
  /// - Throws: `PolicyLoadError` with everything that is wrong with either; its diagnostics bear the
  ///   sources' names.
  public static func rehearse(
    _ operation: PolicySource, on registry: PolicySource?
  ) throws(PolicyLoadError) -> Answer {
    var diagnostics: [LoadDiagnostic] = []
    let stated = read(operation, &diagnostics)
    let records = registry.map { contents(of: $0, &diagnostics) } ?? []
    guard let stated, diagnostics.isEmpty else {
      throw PolicyLoadError(diagnostics: diagnostics)
    }
    do throws(StatedFault) {
      return try stated.operation(
        stated.subject, stated.time, MemoryStore.snapshot(of: records))
    } catch {
      throw PolicyLoadError(diagnostics: [stated.diagnostic(error)])
    }
  }

  private static func contents(
    of source: PolicySource, _ diagnostics: inout [LoadDiagnostic]
  ) -> [Record] {
    do throws(LoadDiagnostic) {
      let registry = StatedRegistry(try SourceFile(reading: source, index: 0))
      diagnostics += registry.reader.diagnostics
      return registry.records
    } catch {
      diagnostics.append(error)
      return []
    }
  }

  private static func read(
    _ source: PolicySource, _ diagnostics: inout [LoadDiagnostic]
  ) -> StatedOperation? {
    let file: SourceFile
    do throws(LoadDiagnostic) {
      file = try SourceFile(reading: source, index: 0)
    } catch {
      diagnostics.append(error)
      return nil
    }
    var reader = DocumentReader(file)
    defer { diagnostics += reader.diagnostics }
    let root = file.tape.root
    guard
      let members = reader.members(
        of: root, "operation", known: ["name", "subject", "parameters", "now"],
        required: ["name", "subject"])
    else { return nil }
    let subject = reader.subject(members["subject"], orAt: root)
    let time = reader.time(members["now"]) ?? standardTime
    guard let operation = reader.operation(members["name"]) else { return nil }
    let prepared = reader.read(members["parameters"], "parameters", orAt: root) {
      operation.prepare(&$0)
    }
    return StatedOperation(subject: subject, time: time, operation: prepared, file: file)
  }

  private func diagnostic(_ fault: StatedFault) -> LoadDiagnostic {
    let place = file.tape.member("parameters", of: file.tape.root) ?? file.tape.root
    return file.diagnostic(
      fault.code, fault.message, at: file.tape.sourceRange(of: place), help: fault.help)
  }
}

extension DocumentReader {
  fileprivate mutating func operation(_ node: Int?) -> NamedOperation? {
    guard let node, let name = string(node, "name") else { return nil }
    if let operation = NamedOperation.all.first(where: { $0.name == name }) { return operation }
    let names = NamedOperation.all.map(\.name)
    report(
      "unknown-operation", "there is no operation `\(name)`", at: node,
      help: suggestion(for: name, among: names).map { "did you mean `\($0)`?" }
        ?? "operations are \(names.joined(separator: ", "))")
    return nil
  }

  fileprivate mutating func subject(_ node: Int?, orAt place: Int) -> Request.Entity {
    guard let node else { return Request.Entity(type: "", id: "") }
    return read(node, "subject", orAt: place) { members in
      var subject = Request.Entity(type: members.text("type"), id: members.text("id"))
      for (name, value) in members.values("properties") { subject.properties[name] = value }
      return subject
    }
  }

  /// Milliseconds since the Unix epoch.
  fileprivate mutating func time(_ node: Int?) -> Int64? {
    guard let node, let text = string(node, "now") else { return nil }
    if let time = Timestamp(rfc3339: text.utf8) {
      return time.seconds * 1_000 + Int64(time.nanoseconds) / 1_000_000
    }
    report(
      "invalid-time", "`now` is no time", at: node, help: "write `2026-01-31T12:00:00Z`, RFC 3339")
    return nil
  }
}

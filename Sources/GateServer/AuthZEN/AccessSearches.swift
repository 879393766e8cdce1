import CEL
import ModelRegistry
import PolicyEngine
import PolicyGate

/// AuthZEN's searches: who may do something, to what, or what somebody may do.
///
/// Candidates are the entities of the directory, what the registry keeps, and the actions that
/// policies name; each is decided. A search is logged as a whole.
struct AccessSearches: Sendable {
  typealias Kind = SearchDocument.Wanted

  private let registry: ModelRegistry
  private let directory: LiveDirectory
  private let evaluations: Evaluations

  init(_ registry: ModelRegistry, _ directory: LiveDirectory) {
    (self.registry, self.directory) = (registry, directory)
    evaluations = Evaluations(registry, directory)
  }

  /// Answers a search of a caller.
  ///
  /// - Throws: `RequestError`; `Refusal`; `StoreError` or `GateError` if there can be no answer.
  func answer(_ kind: Kind, _ body: [UInt8], _ caller: Caller) async throws -> WireResponse {
    let document: SearchDocument
    do throws(RequestError) {
      document = try SearchDocument(body, for: kind)
    } catch {
      // Whether the caller may search comes first.
      _ = try await registry.allow(ServiceUse(Self.action, of: "decisions"), by: caller)
      throw error
    }
    let record = try await registry.allow(
      ServiceUse(Self.action, of: "decisions", Self.parameters(kind, document.request)), by: caller)
    let page = try SearchPage(document, kind)
    let (found, next) = try await results(kind, document.request, page)
    try await registry.log.appendRead(record)
    return .json { writer in
      writer.beginObject()
      if document.hasPage || next != nil {
        writer.name("page")
        writer.beginObject()
        writer.member("next_token", next.map(page.token) ?? "")
        writer.member("count", found.count)
        writer.endObject()
      }
      writer.name("results")
      writer.beginArray()
      for name in found { Self.write(name, kind, document.request, &writer) }
      writer.endArray()
      writer.endObject()
    }
  }

  private static let action = "modelgate:access/search"

  private static func parameters(_ kind: Kind, _ request: Request) -> [String: CELValue] {
    var parameters: [String: CELValue] = [
      "wanted": .string(kind.rawValue), "subject_type": .string(request.subject.type),
      "resource_type": .string(request.resource.type),
    ]
    if kind != .subject { parameters["subject_id"] = .string(request.subject.id) }
    if kind != .action { parameters["action_name"] = .string(request.action.name) }
    if kind != .resource { parameters["resource_id"] = .string(request.resource.id) }
    return parameters
  }

  private static func write(
    _ name: String, _ kind: Kind, _ request: Request, _ writer: inout JSONWriter
  ) {
    writer.beginObject()
    switch kind {
    case .subject: writer.member("type", request.subject.type)
    case .resource: writer.member("type", request.resource.type)
    case .action: break
    }
    writer.member(kind == .action ? "name" : "id", name)
    writer.endObject()
  }

  // MARK: Looking

  /// A page of ids or names, and behind which the next one begins.
  private func results(
    _ kind: Kind, _ request: Request, _ page: SearchPage
  ) async throws -> (found: [String], next: String?) {
    var found: [String] = []
    var last = page.after
    var looked = 0
    while true {
      let candidates = try await candidates(kind, request, after: last)
      let questions = try await evaluations.completed(
        candidates.map { .success(Self.request(request, kind, $0)) })
      let allowed = registry.gate.allows(questions.compactMap { try? $0.get() })
      for (candidate, isAllowed) in zip(candidates, allowed) {
        guard found.count < page.limit, looked < ServerLimits.searchCandidates else {
          return (found, last ?? "")
        }
        looked += 1
        last = candidate
        if isAllowed { found.append(candidate) }
      }
      if candidates.count < Self.step { return (found, nil) }
    }
  }

  /// How many candidates are looked at together.
  private static let step = 500

  private func candidates(_ kind: Kind, _ request: Request, after: String?) async throws -> [String]
  {
    let names: [String]
    switch kind {
    case .subject: names = directory.current.subjectIDs(ofType: request.subject.type)
    case .resource where ModelRegistry.resourceTypes[request.resource.type] != nil:
      return try await registry.ids(
        ofType: request.resource.type, after: after, limit: Self.step)
    case .resource: names = directory.current.entities(ofType: request.resource.type).map(\.id)
    case .action: names = registry.gate.current.actionNames(onType: request.resource.type)
    }
    guard let after else { return Array(names.prefix(Self.step)) }
    return Array(names.drop { !after.precedesByBytes($0) }.prefix(Self.step))
  }

  private static func request(_ request: Request, _ kind: Kind, _ name: String) -> Request {
    var request = request
    switch kind {
    case .subject: request.subject.id = name
    case .resource: request.resource.id = name
    case .action: request.action.name = name
    }
    return request
  }
}

/// Which page of a search is asked for.
private struct SearchPage {
  let after: String?
  let limit: Int
  /// What makes it this search and no other.
  private let digest: String

  /// - Throws: `RequestError` for a token of another search.
  init(_ document: SearchDocument, _ kind: SearchDocument.Wanted) throws(RequestError) {
    var digest = SHA256()
    digest.update(Array("\(kind.rawValue)\n\(document.request.json())".utf8))
    let name = String(digest.hex().prefix(32))
    self.digest = name
    let wanted = document.limit.map { min($0, ServerLimits.searchPage) }
    guard let token = document.token, !token.isEmpty else {
      (after, limit) = (nil, wanted ?? ServerLimits.searchPage)
      return
    }
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == name, let limit = Int(parts[1]),
      wanted == nil || wanted == limit, (0...ServerLimits.searchPage).contains(limit),
      let bytes = Hex.bytes(of: parts[2]), let last = String(validating: bytes, as: UTF8.self)
    else {
      throw RequestError(
        code: "wrong-token", message: "`page.token` is not of this search",
        help: "with a token, everything else must be as it was", line: 0, column: 0)
    }
    (after, self.limit) = (last.isEmpty ? nil : last, limit)
  }

  func token(behind name: String) -> String { "\(digest).\(limit).\(Hex.text(of: name.utf8))" }
}

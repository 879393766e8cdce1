import CEL
import ModelRegistry
import PolicyEngine

extension ConsoleAPI {
  /// Decides whatever is asked: an evaluation, a batch as AuthZEN has it, an array of evaluations,
  /// or one a line. Each decision is logged, with who asked.
  func check(_ request: WireRequest, by caller: Caller) async throws -> WireResponse {
    try await registry.check(ServiceUse("modelgate:check", of: "decisions"), by: caller)
    try Self.expect(["explain"], in: request)
    let explains = try Self.flag("explain", in: request)
    let (form, documents) = try Self.documents(request)
    let count = documents.reduce(0) { $0 + ((try? $1.get().count) ?? 1) }
    let most = explains ? ServerLimits.explainedEvaluations : EngineLimits.batchEvaluations
    guard count <= most else {
      throw ConsoleError(
        400, "too_many_evaluations", "there are \(count) evaluations; there may be \(most)",
        help: explains ? "ask for fewer explanations, or for none" : "send them in several requests"
      )
    }
    let evaluations = Evaluations(registry, directory)
    var answers: [Answer] = []
    for document in documents {
      answers.append(
        try await Self.answer(document, evaluations, caller, explains))
    }
    return try Self.response(form, answers)
  }

  /// How the answers are written.
  private enum Form { case single, array, lines }

  /// What was asked in one document.
  private typealias Document = Result<EvaluationDocument, RequestError>
  /// What is answered to one document: decisions, or why it is none.
  private enum Answer {
    case answer(PolicyEngine.Answer)
    case fault(RequestError)
  }

  static func flag(_ name: String, in request: WireRequest) throws(ConsoleError) -> Bool {
    switch request.query[name] {
    case nil, "false": return false
    case "", "true": return true
    case let value?:
      throw ConsoleError(
        400, "wrong_parameter", "`\(name)` can't be `\(value.prefix(100))`",
        help: "say `true` or `false`")
    }
  }

  private static func documents(_ request: WireRequest) throws -> (Form, [Document]) {
    let type = (request.headers["Content-Type"] ?? "").prefix { $0 != ";" }.lowercased()
    let body = request.body
    if type.contains("ndjson") {
      let lines = body.split(separator: UInt8(ascii: "\n")).filter { line in
        line.contains { $0 != 0x20 && $0 != 0x09 && $0 != 0x0d }
      }
      guard lines.count <= EngineLimits.batchEvaluations else {
        throw ConsoleError(
          400, "too_many_evaluations",
          "there are \(lines.count) lines; there may be \(EngineLimits.batchEvaluations)",
          help: "send them in several requests")
      }
      return (.lines, lines.map { read(Array($0)) })
    }
    let first = body.first { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }
    guard first == UInt8(ascii: "[") else { return (.single, [read(body)]) }
    let json: WireJSON
    do throws(JSONError) {
      json = try WireJSON(body)
    } catch {
      let place = LineMap(body).position(of: error.offset)
      throw RequestError(
        code: "json-\(error.code.rawValue)", message: error.message, help: error.help,
        line: place.line, column: place.column)
    }
    let items = Array(json.tape.children(of: json.tape.root))
    guard items.count <= EngineLimits.batchEvaluations else {
      throw ConsoleError(
        400, "too_many_evaluations",
        "there are \(items.count) evaluations; there may be \(EngineLimits.batchEvaluations)",
        help: "send them in several requests")
    }
    return (.array, items.map { read(Array(body[json.tape.sourceRange(of: $0)])) })
  }

  private static func read(_ json: [UInt8]) -> Document {
    do throws(RequestError) {
      return .success(try EvaluationDocument(json, bytes: ServerLimits.evaluationBytes))
    } catch {
      return .failure(error)
    }
  }

  private static func answer(
    _ document: Document, _ evaluations: Evaluations, _ caller: Caller, _ explains: Bool
  ) async throws -> Answer {
    let asked: EvaluationDocument
    switch document {
    case .success(let document): asked = document
    case .failure(let error): return .fault(error)
    }
    let answers = try await evaluations.answer(
      (0..<asked.count).map { asked.question($0) }, semantic: asked.semantic,
      askedBy: caller.asker, explains: explains)
    guard !asked.isBatch else { return .answer(.batch(answers)) }
    switch answers[0] {
    case .success(let decision): return .answer(.decision(decision))
    case .failure(let error): return .fault(error)
    }
  }

  private static func response(_ form: Form, _ answers: [Answer]) throws -> WireResponse {
    var writer = JSONWriter()
    switch form {
    case .single:
      if case .fault(let error)? = answers.first { throw error }
      write(answers[0], &writer)
      return .json(200, writer.bytes)
    case .array:
      writer.beginArray()
      for answer in answers { write(answer, &writer) }
      writer.endArray()
      return .json(200, writer.bytes)
    case .lines:
      for answer in answers {
        write(answer, &writer)
        writer.endLine()
      }
      return .json(200, type: "application/x-ndjson", writer.bytes)
    }
  }

  private static func write(_ answer: Answer, _ writer: inout JSONWriter) {
    switch answer {
    case .answer(let answer): answer.write(to: &writer)
    case .fault(let error): error.writeAnswer(to: &writer)
    }
  }
}

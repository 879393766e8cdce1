import CEL
import GateServer
import ModelRegistry
import Synchronization
import Testing

/// Definitions that come in parts.
@Suite struct ElasticsearchUploadTests {
  typealias Step = ElasticsearchStep

  static func part(_ text: String, length: Int, of total: Int) -> String {
    let encoded = Base64.standard.encode(Array(text.utf8)[...])
    return
      #"{"definition":"\#(String(decoding: encoded, as: UTF8.self))","total_definition_length":\#(length),"total_parts":\#(total)}"#
  }

  static let path = "/_ml/trained_models/torch/definition"

  static func site() async throws -> ElasticsearchSite {
    let site = try await ElasticsearchSite()
    let body = #"{"model_type":"pytorch","inference_config":{"ner":{}}}"#
    #expect(try await site.send("PUT /_ml/trained_models/torch", body).status == 200)
    return site
  }

  static func definition(_ site: ElasticsearchSite) async throws -> String? {
    try await site.registry.inspect { snapshot in
      guard
        case .definition(_, let bytes)? = try snapshot.record(.definition("torch"))?.record
      else { return nil }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  @Test func putsPartsTogether() async throws {
    let site = try await Self.site()
    try await Step.check(
      [
        Step(
          "POST /_ml/trained_models/torch/deployment/_start", fails: 404,
          "resource_not_found_exception", "Could not find trained model definition [torch]"),
        Step("PUT \(Self.path)/2", Self.part("ef", length: 6, of: 3), 200, Step.acknowledged),
        Step("PUT \(Self.path)/0", Self.part("xx", length: 6, of: 3), 200, Step.acknowledged),
        // The same part again takes the place of the first.
        Step("PUT \(Self.path)/0", Self.part("ab", length: 6, of: 3), 200, Step.acknowledged),
      ], on: site)
    #expect(try await Self.definition(site) == nil)
    try await Step.check(
      [
        Step("PUT \(Self.path)/1", Self.part("cd", length: 6, of: 3), 200, Step.acknowledged),
        Step(
          "GET /_ml/trained_models/torch?include=definition_status&filter_path=**.fully_defined",
          200, #"{"trained_model_configs":[{"fully_defined":true}]}"#),
        Step("POST /_ml/trained_models/torch/deployment/_start", 200),
        Step("PUT \(Self.path)/0", Self.part("ab", length: 6, of: 3), 409),
        Step("PUT \(Self.path)/0", Self.part("ab", length: 2, of: 1), 409),
      ], on: site)
    #expect(try await Self.definition(site) == "abcdef")
  }

  @Test func takesOnePartAlone() async throws {
    let site = try await Self.site()
    let dry = try await site.send(
      "PUT \(Self.path)/0?dry_run=true&filter_path=would_succeed",
      Self.part("abc", length: 3, of: 1))
    #expect(dry.body == #"{"would_succeed":true}"#)
    #expect(try await Self.definition(site) == nil)
    try await Step.check(
      [Step("PUT \(Self.path)/0", Self.part("abc", length: 3, of: 1), 200)], on: site)
    #expect(try await Self.definition(site) == "abc")
  }

  @Test func refusesWhatDoesNotFit() async throws {
    let site = try await Self.site()
    let validation = "action_request_validation_exception"
    let tooLong = RegistryLimits.definitionBytes + 1
    try await Step.check(
      [
        Step(
          "PUT \(Self.path)/3", Self.part("ab", length: 0, of: 3), fails: 400, validation,
          "Validation Failed: 1: [total_definition_length] must be greater than 0;2: [part] must be "
            + "less than total_parts;"),
        Step(
          "PUT \(Self.path)/-1", Self.part("ab", length: 1, of: ServerLimits.definitionParts + 1),
          fails: 400, validation,
          "Validation Failed: 1: [part] must be greater or equal to 0;2: [total_parts] must be less "
            + "than or equal to \(ServerLimits.definitionParts);"),
        Step(
          "PUT \(Self.path)/0", Self.part("ab", length: 9, of: ServerLimits.definitionParts), 200),
        Step(
          "PUT \(Self.path)/x", Self.part("ab", length: 2, of: 1), fails: 400,
          "illegal_argument_exception", "Failed to parse int parameter [part] with value [x]"),
        Step(
          "PUT \(Self.path)/0", Self.part("ab", length: 3, of: 1), fails: 400,
          "illegal_argument_exception",
          "[total_definition_length] is [3] but the parts have [2] bytes"),
        Step("PUT \(Self.path)/0", Self.part("ab", length: tooLong, of: 2), 413),
        Step(
          "PUT \(Self.path)/0", #"{"definition":"!","total_definition_length":1,"total_parts":1}"#,
          400),
        Step("PUT \(Self.path)/0", "{}", 400),
        Step("PUT \(Self.path)/0", Self.part("ab", length: 3, of: 2), 200),
        Step(
          "PUT \(Self.path)/1", Self.part("ab", length: 3, of: 2), fails: 400,
          "illegal_argument_exception",
          "[total_definition_length] is [3] but the parts have [4] bytes"),
        // Nothing is left of it.
        Step("PUT \(Self.path)/1", Self.part("b", length: 3, of: 2), 200),
        Step(
          "PUT /_ml/trained_models/absent/definition/0", Self.part("ab", length: 3, of: 2), 404),
        Step("PUT \(Self.path)/0", Self.part("ab", length: 3, of: 2), as: "vera", 403),
        Step("PUT \(Self.path)/0", Self.part("ab", length: 2, of: 1), as: "vera", 403),
      ], on: site)
    #expect(try await Self.definition(site) == nil)
  }

  static func add(
    _ uploads: DefinitionUploads, _ model: String, _ number: Int = 0, of total: Int = 2
  ) throws -> [UInt8]? {
    try uploads.add(
      DefinitionPart(number: number, total: total, length: total, bytes: [UInt8(number)]),
      to: .init(caller: "mona", model: model))
  }

  @Test func keepsFewUploadsForSomeTime() throws {
    let start = ContinuousClock.now
    let passed = Mutex<Int>(0)
    let uploads = DefinitionUploads(now: { start + .seconds(passed.withLock { $0 }) })
    for number in 0..<ServerLimits.definitionUploads {
      #expect(try Self.add(uploads, "m\(number)") == nil)
    }
    #expect(throws: ErrorBody.self) { try Self.add(uploads, "more") }
    // Those that are there go on.
    #expect(try Self.add(uploads, "m0", 1) == [0, 1])
    uploads.forget(.init(caller: "mona", model: "m0"))
    #expect(try Self.add(uploads, "more") == nil)
    passed.withLock { $0 = ServerLimits.definitionUploadSeconds - 1 }
    #expect(throws: ErrorBody.self) { try Self.add(uploads, "again") }
    #expect(try Self.add(uploads, "m1") == nil)
    passed.withLock { $0 = ServerLimits.definitionUploadSeconds }
    #expect(try Self.add(uploads, "again") == nil)
    // It was used a second ago, and the others are gone.
    #expect(try Self.add(uploads, "m1", 1) == [0, 1])
    #expect(try Self.add(uploads, "m2", 1) == nil)
  }
}

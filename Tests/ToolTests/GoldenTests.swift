import Foundation
import Testing

/// What people and programs read, word for word, with the exit status: `Golden/*.txt`.
@Suite struct GoldenTests {
  struct Case: CustomTestStringConvertible {
    var name: String
    var arguments: [String]
    var status: Int32
    var input: String?

    init(_ name: String, _ status: Int32, _ arguments: String, input: String? = nil) {
      self.init(name, status, arguments.split(separator: " ").map(String.init), input: input)
    }

    init(_ name: String, _ status: Int32, _ arguments: [String], input: String? = nil) {
      (self.name, self.arguments, self.status, self.input) = (name, arguments, status, input)
    }

    var testDescription: String { name }
  }

  static let cases: [Case] = [
    // Decisions.
    Case("check-allow", 0, "check requests/allow.json"),
    Case("check-warn", 0, "check requests/warn.json"),
    Case("check-warn-fails", 3, "check requests/warn.json --fail-on-warn"),
    Case("check-deny", 2, "check requests/deny.json"),
    Case("check-deny-explained", 2, "check requests/deny.json --explain"),
    Case("check-deny-json", 2, "check requests/deny.json --explain --format json --pretty"),
    Case("check-allow-json", 0, "check requests/allow.json --format json"),
    Case("check-failure", 2, "check requests/failure.json --explain"),
    Case("check-numbered", 2, "check requests/invalid.json --explain"),
    Case("check-refused", 2, "check requests/refused.json --explain"),
    Case("check-audit", 0, "check requests/audit.json"),
    Case("check-mode-warn", 3, "check requests/night.json --fail-on-warn"),
    Case("check-hostile-text", 2, "check requests/hostile.json --explain"),
    Case("check-several", 2, "check requests/allow.json requests/warn.json requests/deny.json"),
    Case(
      "check-several-json", 1,
      "check requests/allow.json nowhere.json requests/types.json --format json"),
    Case("check-deny-beats-warn", 2, "check requests/warn.json requests/deny.json --fail-on-warn"),
    // Batches and streams.
    Case("check-batch", 1, "check requests/batch.json"),
    Case("check-batch-json", 1, "check requests/batch.json --format json"),
    Case("check-batch-stops", 2, "check requests/stops.json"),
    Case("check-batch-semantic", 1, "check requests/semantic.json"),
    Case("check-stream", 1, "check requests/stream.ndjson"),
    Case("check-stream-json", 1, "check requests/stream.ndjson --format json"),
    Case("check-stream-bad-first", 1, "check requests/badfirst.ndjson --format json"),
    // Requests that can't be used.
    Case("check-unreadable", 1, "check nowhere.json requests"),
    Case("check-missing", 1, "check requests/missing.json"),
    Case("check-types", 1, "check requests/types.json"),
    Case("check-types-json", 1, "check requests/types.json --format json"),
    Case("check-duplicate", 1, "check requests/duplicate.json"),
    Case("check-two-texts", 1, "check requests/two.json"),
    Case("check-array", 1, "check requests/array.json"),
    Case("check-empty", 1, "check requests/empty.json"),
    Case("check-not-utf8", 1, "check requests/latin1.json"),
    Case("check-no-input", 1, "check"),
    Case("check-stdin", 1, "check -", input: "{ \"subject\": }\n"),
    // Policies that can't be used.
    Case("policies-broken", 1, "check requests/allow.json --policies broken"),
    Case(
      "policies-broken-json", 1,
      "check requests/allow.json --policies broken --format json --pretty"),
    Case("policies-nowhere", 1, "check requests/allow.json --policies nowhere"),
    Case("policies-none-in-folder", 1, "policies --policies ../Golden"),
    // Lint.
    Case("lint", 2, "lint ../../../examples/81-lint/policies"),
    Case("lint-json", 2, "lint ../../../examples/81-lint/policies --format json --pretty"),
    Case("lint-sarif", 2, "lint lint/policies --format sarif"),
    Case("lint-github", 2, "lint lint/policies --format github"),
    Case("lint-gitlab", 2, "lint lint/policies --format gitlab"),
    Case("lint-errors-alone", 0, "lint policies --fail-on error"),
    Case("lint-configured", 2, "lint lint/policies"),
    Case("lint-bad-configuration", 1, "lint policies --config lint/bad.json"),
    Case("lint-broken", 1, "lint broken"),
    Case("lint-nowhere", 1, "lint nowhere"),
    // Replays.
    Case("replay", 0, "replay replay/log.ndjson"),
    Case("replay-fails", 2, "replay replay/log.ndjson --fail-on newly-allowed,reason-changed"),
    Case("replay-json", 0, "replay replay/log.ndjson --format json --pretty"),
    Case("replay-bad-lines", 1, "replay replay/bad.ndjson"),
    Case(
      "replay-promotion", 2,
      "replay replay/log.ndjson --against policies --as-enforced who-deletes --as-enforced no-changes-at-night --fail-on newly-denied"
    ),
    Case("replay-no-such-rule", 1, "replay replay/log.ndjson --as-enforced who-delete"),
    Case("replay-bad-option", 64, "replay replay/log.ndjson --fail-on newly-denid"),
    Case("replay-nowhere", 1, "replay nowhere.ndjson"),
    // Differences.
    Case("diff", 0, "diff diff/old.json diff/new.json"),
    Case("diff-fails", 2, "diff diff/new.json diff/old.json --fail-on more-permissive"),
    Case("diff-equal", 0, "diff policies policies --fail-on any"),
    Case("diff-json", 0, "diff diff/old.json diff/new.json --format json --pretty"),
    Case("diff-not-certain", 3, "diff diff/new.json diff/pattern.json --fail-on more-permissive"),
    Case("diff-nowhere", 1, "diff nowhere policies"),
    Case("diff-bad-revision", 1, ["diff", "--", "--output=x:policies", "policies"]),
    // Listing.
    Case("policies", 0, "policies"),
    Case("policies-json", 0, "policies --format json --pretty"),
    Case("policies-examples", 0, "policies --examples"),
    Case("policies-examples-fail", 1, "policies --policies failing --examples"),
    Case("policies-examples-fail-json", 1, "policies --policies failing --examples --format json"),
    // Expressions.
    Case("eval", 0, ["eval", "[1, 2, 3].map(x, x * 2)"]),
    Case(
      "eval-vars", 0,
      ["eval", "user.age >= 18 && 'editor' in user.roles", "--vars", "requests/vars.json"]),
    Case("eval-vars-stdin", 0, ["eval", "n + 1", "--vars", "-"], input: #"{"n": 41}"#),
    Case(
      "eval-cost", 0,
      ["eval", "user.roles.exists(r, r == 'editor')", "--vars", "requests/vars.json", "--cost"]),
    Case(
      "eval-cost-json", 0,
      ["eval", "[1, 2, 3].all(x, x > n)", "--vars", "-", "--cost", "--format", "json"],
      input: #"{"n": 0}"#),
    Case(
      "eval-cost-unbounded", 0, ["eval", "'%s'.format([n]) != ''", "--vars", "-", "--cost"],
      input: #"{"n": 0}"#),
    Case(
      "eval-json", 0,
      ["eval", "{'a': 1.5, 'b': b'\\xff', 'c': duration('90s')}", "--format", "json"]),
    Case(
      "eval-request", 0,
      [
        "eval", "subject.teams + [subject.id, action.name, resource.type]", "--request",
        "requests/deny.json",
      ]),
    Case("eval-syntax", 1, ["eval", "1 +"]),
    Case("eval-no-variable", 1, ["eval", "user.age"]),
    Case("eval-types", 1, ["eval", "1 + 'a'"]),
    Case("eval-no-value", 1, ["eval", "user.name", "--vars", "requests/vars.json"]),
    Case("eval-no-value-json", 1, ["eval", "1 / 0", "--format", "json"]),
    Case("eval-bad-vars", 1, ["eval", "n", "--vars", "requests/badvars.json"]),
    Case("eval-vars-array", 1, ["eval", "n", "--vars", "requests/array.json"]),
    Case("eval-no-vars-file", 1, ["eval", "n", "--vars", "nowhere.json"]),
    Case("eval-no-extension", 1, ["eval", "'a,b'.split(',')", "--extensions", "math"]),
    // Tests of policies.
    Case("test", 0, "test --policies testing"),
    Case("test-fails", 2, "test --policies testing-weak --coverage"),
    Case("test-broken", 1, "test --policies testing-broken"),
    Case("test-broken-json", 1, "test --policies testing-broken --format json"),
    Case("test-filter", 0, ["test", "--policies", "testing", "--filter", "gate / age"]),
    Case(
      "test-filter-glob", 0,
      ["test", "--policies", "testing", "--filter", "gate / age *", "--report", "tap"]),
    Case("test-filter-nothing", 1, "test --policies testing --filter nobody"),
    Case("test-mutate", 2, "test --policies testing-weak --mutate"),
    Case("test-mutation-threshold", 3, "test --policies testing --mutation-threshold 99.5"),
    Case("test-coverage-threshold", 3, "test --policies testing --coverage-threshold 99"),
    Case("test-coverage-enough", 0, "test --policies testing --coverage-threshold 80"),
    Case("test-path", 2, "test testing-weak/weak.test.json --policies testing"),
    Case("test-one-rule-file", 0, "test --policies testing/gate.json"),
    Case("test-json", 2, "test --policies testing-weak --coverage --format json"),
    Case("test-json-mutants", 0, "test --policies testing --mutate --report json"),
    Case("test-junit", 2, "test --policies testing-weak --report junit"),
    Case("test-tap", 2, "test --policies testing-weak --report tap"),
    Case("test-sarif", 2, "test --policies testing-weak --mutate --report sarif"),
    Case("test-github", 2, "test --policies testing-weak --report github"),
    Case("test-gitlab", 2, "test --policies testing-weak --coverage --report gitlab"),
    Case("test-cobertura", 2, "test --policies testing-weak --report cobertura"),
    Case("test-unwritable", 1, "test --policies testing --report junit=nowhere/report.xml"),
    Case("help-test", 0, "test --help"),
    // Usage.
    Case("usage-jobs", 64, "test --jobs 0"),
    Case("usage-threshold", 64, "test --coverage-threshold 101"),
    Case("usage-reports", 64, "test --report junit --report tap"),
    Case("usage-report", 64, "test --report xml"),
    Case("help", 0, "--help"),
    Case("help-check", 0, "check --help"),
    Case("help-eval", 0, "eval --help"),
    Case("help-policies", 0, "policies --help"),
    Case("version", 0, "--version"),
    Case("usage-option", 64, "check --polices x requests/allow.json"),
    Case("usage-pretty", 64, "check --pretty requests/allow.json"),
    Case("usage-stdin-twice", 64, "check - -"),
    Case("usage-format", 64, "check --format yaml requests/allow.json"),
    Case("usage-extension", 64, ["eval", "1", "--extensions", "maths"]),
  ]

  @Test(arguments: cases) func looksAsItDid(_ test: Case) throws {
    let run = try Tool.run(
      test.arguments, input: Data((test.input ?? "").utf8), environment: ["COLUMNS": "80"])
    #expect(run.status == test.status)
    try Tool.check(golden: test.name, run.transcript(test.arguments))
  }

  @Test func everyGoldenFileIsUsed() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Tool.golden.path)
    var names = Set(Self.cases.map { "\($0.name).txt" })
    #expect(names.count == Self.cases.count)
    #if SQLite && Signing
      names.formUnion(StoreGoldenTests.steps.map { "\($0.name).txt" })
    #endif
    #if SQLite
      names.formUnion(RegistryTests.stories.map { "registry-\($0.name).txt" })
    #endif
    #if Server
      names.formUnion(UsersGoldenTests.steps.map { "\($0.name).txt" })
    #endif
    names.formUnion(AuditTests.golden.map { "\($0).txt" })
    #expect(Set(files).subtracting(names).isEmpty)
  }

  /// Without `--policies`, in a folder that has none.
  @Test func saysWhereToFindPolicies() throws {
    let run = try Tool.run(["policies"], in: Tool.fixtures.appendingPathComponent("requests"))
    #expect(run.status == 1)
    #expect(run.errors.contains("there is no folder `policies` here"))
    #expect(run.errors.contains("--policies DIR"))
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func makesCompletions(_ shell: String) throws {
    let run = try Tool.run(["--generate-completion-script", shell])
    #expect(run.status == 0)
    #expect(run.output.contains("fail-on-warn"))
  }
}

import Foundation
import Testing

/// `modelgate test` beyond what golden files show: files that it writes, watching, CI examples.
@Suite struct PolicyTestTests {
  /// The shipped policies are covered whole. (That no mutant survives takes minutes in a debug
  /// build: `make policy-tests`.)
  @Test func shippedPoliciesAreCovered() throws {
    let run = try Tool.run(["test", "--coverage-threshold", "100"], in: Tool.root)
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    #expect(run.output.contains("coverage 100.0 %"))
  }

  /// All reports at once, each into its file; the text still goes to standard output.
  @Test func writesManyReports() throws {
    let folder = try Tool.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    let formats = [
      "text", "json", "junit", "tap", "sarif", "github", "gitlab", "cobertura", "html",
    ]
    let reports = formats.flatMap {
      ["--report", "\($0)=\(folder.appendingPathComponent($0).path)"]
    }
    let run = try Tool.run(["test", "--policies", "testing", "--mutate", "--jobs", "3"] + reports)
    #expect(run.status == 0)
    #expect(run.output.contains("13 tests: 12 passed, 1 skipped"))
    for format in formats {
      let text = try String(contentsOf: folder.appendingPathComponent(format), encoding: .utf8)
      #expect(!text.isEmpty, "\(format)")
    }
    let page = try String(contentsOf: folder.appendingPathComponent("html"), encoding: .utf8)
    #expect(page.hasPrefix("<!DOCTYPE html>"))
  }

  /// One thread or many: the same report, byte for byte, but for times.
  @Test func threadsChangeNothing() throws {
    let one = try Tool.run(
      ["test", "--policies", "testing-weak", "--mutate", "--format", "json", "--jobs", "1"])
    let many = try Tool.run(
      ["test", "--policies", "testing-weak", "--mutate", "--format", "json", "--jobs", "8"])
    #expect(one.output == many.output)
    #expect(one.output.contains("\"survived\""))
  }

  @Test func colorsOnlyIfAsked() throws {
    let plain = try Tool.run(["test", "--policies", "testing-weak"])
    #expect(!plain.output.contains("\u{1B}["))
    let colored = try Tool.run(
      ["test", "--policies", "testing-weak"], environment: ["CLICOLOR_FORCE": "1"])
    #expect(colored.output.contains("\u{1B}[1;31mFAIL"))
    let refused = try Tool.run(
      ["test", "--policies", "testing-weak"],
      environment: ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"])
    #expect(refused.output == plain.output)
  }

  /// `--watch` runs again when a file changes, also after one that can't be used.
  @Test func watches() async throws {
    let folder = try Tool.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    let policies = folder.appendingPathComponent("policies")
    try FileManager.default.copyItem(
      at: Tool.fixtures.appendingPathComponent("testing"), to: policies)
    let output = folder.appendingPathComponent("output")
    try Data().write(to: output)
    let process = Tool.process(["test", "--watch"], in: folder, [:])
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    func runs(_ count: Int) async throws {
      for _ in 0..<600 {
        let text = try String(contentsOf: output, encoding: .utf8)
        if text.components(separatedBy: "waiting for changes").count > count { return }
        try await Task.sleep(for: .milliseconds(50))
      }
      Issue.record("there was no run number \(count)")
    }
    let document = policies.appendingPathComponent("gate.test.json")
    let text = try String(contentsOf: document, encoding: .utf8)
    try await runs(1)
    try Data("{".utf8).write(to: document)
    try await runs(2)
    try Data(
      text.replacing("\"deny\", \"privileges\": null", with: "\"warn\", \"privileges\": null").utf8
    ).write(to: document)
    try await runs(3)
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGINT)
    let told = try String(contentsOf: output, encoding: .utf8)
    #expect(told.contains("all well; waiting") && told.contains("status 1; waiting"))
    #expect(told.contains("status 2; waiting"))
  }

  // MARK: examples/70-ci

  static let example = Tool.root.appendingPathComponent("examples/70-ci")

  /// The commands of the two workflows run as they stand.
  @Test(arguments: ["github-actions.yml", "gitlab-ci.yml"])
  func workflowsRun(_ name: String) throws {
    let text = try String(contentsOf: Self.example.appendingPathComponent(name), encoding: .utf8)
    let line = try #require(
      text.split(separator: "\n").first { $0.contains("modelgate test ") }.map(String.init))
    let command = try #require(line.range(of: "modelgate test ")).lowerBound
    let arguments = line[command...].split(separator: " ").dropFirst().map(String.init)
    let folder = try Tool.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    // A small set stands for the shipped one, of which all mutants take minutes.
    try FileManager.default.copyItem(
      at: Tool.fixtures.appendingPathComponent("testing"),
      to: folder.appendingPathComponent("policies"))
    let run = try Tool.run(arguments, in: folder)
    #expect(run.status == 3, "\(run.errors)")
    #expect(run.errors.contains("coverage is 87.5 %"))
    for report in arguments.filter({ $0.contains("=") }) {
      let file = folder.appendingPathComponent(String(report.split(separator: "=")[1]))
      #expect(FileManager.default.fileExists(atPath: file.path), "\(report)")
      #expect(text.contains("\n") && text.components(separatedBy: file.lastPathComponent).count > 2)
    }
  }

  private func shell(_ command: String, in folder: URL) throws -> (status: Int32, text: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "(\(command)) > .output 2>&1"]
    process.currentDirectoryURL = folder
    let tools = Tool.executable.deletingLastPathComponent().path
    process.environment = [
      "PATH": "\(tools):\(ProcessInfo.processInfo.environment["PATH"] ?? "")", "HOME": folder.path,
      "GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@example.org", "GIT_COMMITTER_NAME": "t",
      "GIT_COMMITTER_EMAIL": "t@example.org",
    ]
    try process.run()
    process.waitUntilExit()
    let text = try String(contentsOf: folder.appendingPathComponent(".output"), encoding: .utf8)
    return (process.terminationStatus, text)
  }

  /// The hook looks at what is committed, not at what lies around.
  @Test func theHookGuardsCommits() throws {
    let folder = try Tool.scratch()
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.copyItem(
      at: Tool.fixtures.appendingPathComponent("testing"),
      to: folder.appendingPathComponent("policies"))
    let hook = Self.example.appendingPathComponent("pre-commit").path
    let made = try shell(
      "git init -q && cp '\(hook)' .git/hooks/pre-commit && git add policies && git commit -qm one",
      in: folder)
    #expect(made.status == 0, "\(made.text)")
    let rules = folder.appendingPathComponent("policies/gate.json")
    let text = try String(contentsOf: rules, encoding: .utf8)
    try Data(text.replacing("\"frozen\"", with: "\"thawed\"").utf8).write(to: rules)
    let refused = try shell("git commit -qam two", in: folder)
    #expect(refused.status != 0 && refused.text.contains("the policies fail"))
    // What is staged is good again, though the file is not.
    try Data(text.replacing("365", with: "366").utf8).write(to: rules)
    let stale = try shell("git add -A && git commit -qm three", in: folder)
    #expect(stale.status != 0)
    try Data((text + "\n").utf8).write(to: rules)
    let good = try shell(
      "git add policies && echo '{' > policies/gate.json && git commit -qm four", in: folder)
    #expect(good.status == 0, "\(good.text)")
    let other = try shell("echo x > README && git add README && git commit -qm five", in: folder)
    #expect(other.status == 0)
  }
}

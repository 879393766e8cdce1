import Foundation
import Testing

/// What the compiler must refuse. Every file says on its first line how.
@Suite struct MustNotCompileTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "MustNotCompile")
  /// `.build/debug/Modules`, found from where this test runs.
  static let modules: URL? = {
    var place = Bundle.main.bundleURL
    for _ in 0..<6 {
      for candidate in ["Modules", "debug/Modules"] {
        let url = place.appending(path: candidate)
        let module = url.appending(path: "PolicyGate.swiftmodule").path
        if FileManager.default.fileExists(atPath: module) { return url }
      }
      place = place.deletingLastPathComponent()
    }
    let build = folder.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: ".build/debug/Modules")
    return FileManager.default.fileExists(atPath: build.path) ? build : nil
  }()

  static let files: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".swift") }.sorted()
  }()

  /// Exit status and messages of the compiler.
  static func check(_ file: String) throws -> (status: Int32, messages: String) {
    let modules = try #require(Self.modules, "the built modules were not found")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "swiftc", "-typecheck", "-swift-version", "6", "-parse-as-library", "-I", modules.path,
      folder.appending(path: file).path,
    ]
    // Ownership is checked behind the type checker.
    process.arguments?[1] = "-emit-sil"
    process.arguments?.append(contentsOf: ["-o", "/dev/null"])
    let output = Pipe()
    process.standardError = output
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let messages = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: messages, as: UTF8.self))
  }

  @Test func allOfThemAreThere() { #expect(Self.files.count >= 10) }

  @Test(arguments: files) func isRefusedAsSaid(_ file: String) throws {
    let text = try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8)
    let first = try #require(text.split(separator: "\n").first)
    let (status, messages) = try Self.check(file)
    if first == "// compiles" {
      #expect(status == 0, "the control must compile:\n\(messages)")
      return
    }
    let expected = first.dropFirst("// error: ".count)
    #expect(status != 0, "\(file) compiled")
    #expect(messages.contains("error: ") && messages.contains(expected), "\(file):\n\(messages)")
  }
}

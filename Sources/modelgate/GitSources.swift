#if CLI
  import CEL
  import Foundation
  import PolicyEngine

  /// Rule files of a folder, or of a revision that git keeps.
  ///
  /// git is run as a process with a list of arguments, never through a shell; a revision that looks
  /// like an option is refused.
  enum GitSources {
    /// The rule files of a side: a path that exists, `REVISION:PATH`, or a revision if a path is
    /// given beside it.
    ///
    /// - Throws: `PolicyLoadError` if there are none, or git can't be asked.
    static func sources(_ name: String, path: String?) throws(PolicyLoadError) -> [PolicySource] {
      if let path { return try sources(revision: name, path) }
      if FileManager.default.fileExists(atPath: name) { return try PolicyLoader.sources(at: name) }
      guard let colon = name.firstIndex(of: ":") else {
        throw failure(
          name, "not-found", "there is no file or folder `\(name)`",
          help:
            "a revision of git needs the path of the policies: `\(name):policies`, or `-- policies` behind both revisions"
        )
      }
      return try sources(
        revision: String(name[..<colon]), String(name[name.index(after: colon)...]))
    }

    private static func sources(
      revision: String, _ path: String
    ) throws(PolicyLoadError) -> [PolicySource] {
      let name = "\(revision):\(path)"
      guard !revision.isEmpty, !revision.hasPrefix("-"), !path.isEmpty else {
        throw failure(name, "invalid-revision", "`\(name)` is no revision and path", help: nil)
      }
      var path = path
      while path.hasPrefix("./") { path.removeFirst(2) }
      while path.hasSuffix("/") { path.removeLast() }
      if path == "." { path = "" }
      let listed = try git(
        ["ls-tree", "-r", "-z", "--name-only", revision, "--", path.isEmpty ? "." : path], name)
      let files = listed.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        .filter { $0 == path || PolicyLoader.isRuleFile($0, below: path) }
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      guard !files.isEmpty else {
        throw failure(
          name, "no-files", "there is no rule file in `\(path)` at `\(revision)`",
          help: "rule files end in `.json`")
      }
      var sources: [PolicySource] = []
      for file in files {
        // Relative to here, as `ls-tree` lists it.
        let bytes = try git(["cat-file", "blob", "\(revision):./\(file)"], name)
        sources.append(PolicySource(name: "\(revision):\(file)", bytes: bytes))
      }
      return sources
    }

    private static func git(
      _ arguments: [String], _ name: String
    ) throws(PolicyLoadError) -> [UInt8] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = ["git"] + arguments
      let (output, errors) = (Pipe(), Pipe())
      process.standardOutput = output
      process.standardError = errors
      process.standardInput = FileHandle.nullDevice
      let bytes: Data
      let message: Data
      do {
        try process.run()
        bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        // git says little when it fails; what it says fits into the pipe.
        message = try errors.fileHandleForReading.readToEnd() ?? Data()
      } catch {
        throw failure(name, "git-failed", "git can't be run: \(error)", help: nil)
      }
      process.waitUntilExit()
      guard process.terminationStatus == 0 else {
        let text = String(decoding: message, as: UTF8.self).split(separator: "\n").first ?? ""
        throw failure(
          name, "git-failed", "git can't read `\(name)`: \(text)",
          help: "revisions are read in the repository of the current folder")
      }
      return [UInt8](bytes)
    }

    private static func failure(
      _ name: String, _ code: String, _ message: String, help: String?
    ) -> PolicyLoadError {
      PolicyLoadError(diagnostics: [
        LoadDiagnostic(
          code: code, message: message, help: help,
          position: SourcePosition(file: name, line: 1, column: 1), excerpt: "", severity: .error)
      ])
    }
  }
#endif

#if CLI
  import CEL
  import PolicyEngine
  import Subprocess

  #if canImport(FoundationEssentials)
    import FoundationEssentials
  #else
    import Foundation
  #endif

  /// Rule files of a folder, or of a revision that git keeps.
  ///
  /// git is run as a process with a list of arguments, never through a shell; a revision that looks
  /// like an option is refused.
  enum GitSources {
    /// The rule files of a side: a path that exists, `REVISION:PATH`, or a revision if a path is
    /// given beside it.
    ///
    /// - Throws: `PolicyLoadError` if there are none, or git can't be asked.
    static func sources(
      _ name: String, path: String?
    ) async throws(PolicyLoadError) -> [PolicySource] {
      if let path { return try await sources(revision: name, path) }
      if FileManager.default.fileExists(atPath: name) { return try PolicyLoader.sources(at: name) }
      guard let colon = name.firstIndex(of: ":") else {
        throw failure(
          name, "not-found", "there is no file or folder `\(name)`",
          help:
            "a revision of git needs the path of the policies: `\(name):policies`, or `-- policies` behind both revisions"
        )
      }
      return try await sources(
        revision: String(name[..<colon]), String(name[name.index(after: colon)...]))
    }

    private static func sources(
      revision: String, _ path: String
    ) async throws(PolicyLoadError) -> [PolicySource] {
      let name = "\(revision):\(path)"
      guard !revision.isEmpty, !revision.hasPrefix("-"), !path.isEmpty else {
        throw failure(name, "invalid-revision", "`\(name)` is no revision and path", help: nil)
      }
      var path = path
      while path.hasPrefix("./") { path.removeFirst(2) }
      while path.hasSuffix("/") { path.removeLast() }
      if path == "." { path = "" }
      let listed = try await git(
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
        let bytes = try await git(["cat-file", "blob", "\(revision):./\(file)"], name)
        sources.append(PolicySource(name: "\(revision):\(file)", bytes: bytes))
      }
      return sources
    }

    /// What git writes. More than a rule file may have is refused while it is read.
    private static func git(
      _ arguments: [String], _ name: String
    ) async throws(PolicyLoadError) -> [UInt8] {
      let status: TerminationStatus
      let output: [UInt8]
      let message: [UInt8]
      do {
        let result = try await run(
          .name("git"), arguments: Arguments(arguments), input: .none,
          output: .bytes(limit: EngineLimits.fileBytes), error: .bytes(limit: messageBytes))
        (status, output, message) =
          (result.terminationStatus, result.standardOutput, result.standardError)
      } catch {
        throw failure(
          name, "git-failed", "git can't be run: \(error)",
          help:
            "revisions need git on the path, and files of at most \(EngineLimits.fileBytes) bytes")
      }
      guard status.isSuccess else {
        let text = String(decoding: message, as: UTF8.self).split(separator: "\n").first ?? ""
        throw failure(
          name, "git-failed", "git can't read `\(name)`: \(text)",
          help: "revisions are read in the repository of the current folder")
      }
      return output
    }

    /// git says little when it fails.
    private static let messageBytes = 1 << 20

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

#if CLI
  import ArgumentParser
  import CEL
  import PolicyEngine

  /// How answers are written.
  enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  /// `--format` and `--pretty`.
  struct FormatOptions: ParsableArguments {
    @Option(help: "text for people, json for programs.")
    var format = OutputFormat.text

    @Flag(help: "JSON over several lines.")
    var pretty = false

    /// These options with this format.
    static func of(_ format: OutputFormat) -> FormatOptions {
      var options = FormatOptions()
      (options.format, options.pretty) = (format, false)
      return options
    }

    func validate() throws {
      if pretty, format != .json { throw ValidationError("--pretty needs --format json.") }
    }
  }

  /// `--policies`.
  struct PolicyOptions: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        "Folder of rule files, or one rule file. (default: policies)", valueName: "dir"),
      completion: .directory)
    var policies: String?

    /// These options with this folder.
    static func of(_ folder: String?) -> PolicyOptions {
      var options = PolicyOptions()
      options.policies = folder
      return options
    }

    /// Loads the set, or says all that is wrong with it and ends the command. Whoever loads it again
    /// and again keeps a cache.
    func load(
      _ console: Console, _ format: FormatOptions, cache: PolicyCache? = nil
    ) throws -> PolicySet {
      let path = policies ?? "policies"
      let bar = LoadBar()
      do throws(PolicyLoadError) {
        defer { bar.finish() }
        return try PolicySet(folder: path, cache: cache) { bar.update($0, $1) }
      } catch {
        if let first = error.diagnostics.first, first.code == "not-found" {
          console.report([missing(path)], as: format.format, pretty: format.pretty)
        } else {
          console.report(
            error.diagnostics.map { Finding($0) }, as: format.format, pretty: format.pretty)
          if format.format == .text { console.error(summary(error.diagnostics, path)) }
        }
        console.flush()
        throw ExitCode(Status.unusable)
      }
    }

    private func missing(_ path: String) -> Finding {
      policies == nil
        ? Finding(
          "not-found", "there is no folder `policies` here",
          help: "name the folder of your rule files: `--policies DIR`")
        : Finding(
          "not-found", "there is no file or folder `\(path)`",
          help: "`--policies` takes a folder of rule files (*.json), or one rule file")
    }

    private func summary(_ diagnostics: [LoadDiagnostic], _ path: String) -> String {
      let errors = diagnostics.count { $0.severity == .error }
      let warnings = diagnostics.count - errors
      let also = warnings > 0 ? " and \(plural(warnings, "warning"))" : ""
      return "\n\(plural(errors, "error"))\(also) in `\(path.shown)`: the policies can't be used"
    }
  }

  /// Exit statuses, beside 64 for wrong usage.
  enum Status {
    static let unusable: Int32 = 1
    static let denied: Int32 = 2
    static let warned: Int32 = 3
    /// Of `test`: a case failed, or a threshold was missed.
    static let failed: Int32 = 2
    static let belowThreshold: Int32 = 3
  }

  func plural(_ count: Int, _ word: String) -> String {
    count == 1 ? "1 \(word)" : "\(count) \(word)s"
  }
#endif

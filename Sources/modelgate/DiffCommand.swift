#if CLI
  import ArgumentParser
  import CEL
  import Compliance
  import PolicyEngine

  /// `modelgate diff`: what changes between two policy sets in terms of access.
  struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "diff",
      abstract: "Compare two policy sets by what they allow, and show a request for each change.",
      discussion: """
        OLD and NEW are folders or files, or revisions of git: REVISION:PATH, or two revisions and then \
        the path of the policies. For every role, action and type of resource it is said whether the new \
        set is more or less permissive, with a request that both sets really decide differently. Where \
        a condition can't be judged completely, that is said too.

        EXAMPLES
          modelgate diff old/policies new/policies
          modelgate diff HEAD~1 HEAD -- policies
          modelgate diff main:policies policies --fail-on more-permissive

        EXIT STATUS
          0   nothing of what --fail-on names
          1   a policy set can't be used
          2   something of what --fail-on names
          3   --fail-on is given, nothing was found, and not everything could be judged
          64  wrong usage
        """)

    /// Which changes fail the command.
    enum Threshold: String, ExpressibleByArgument, CaseIterable {
      case morePermissive = "more-permissive"
      case lessPermissive = "less-permissive"
      case any
    }

    @Argument(help: ArgumentHelp("The policies before.", valueName: "old"))
    var old: String

    @Argument(help: ArgumentHelp("The policies after.", valueName: "new"))
    var new: String

    @Argument(
      help: ArgumentHelp(
        "Path of the policies, where old and new are revisions of git.", valueName: "path"))
    var path: String?

    @Option(help: "more-permissive, less-permissive or any: changes that fail the command.")
    var failOn: Threshold?

    @OptionGroup var format: FormatOptions

    func run() async throws {
      let console = Console()
      let changes: AccessChanges
      do throws(PolicyLoadError) {
        let (old, new) = (try await policies(old), try await policies(new))
        changes = AccessDiff(old: old, new: new).compare()
      } catch {
        console.report(
          error.diagnostics.map { Finding($0) }, as: format.format, pretty: format.pretty)
        console.flush()
        throw ExitCode(Status.unusable)
      }
      let report = DiffReport(changes: changes)
      switch format.format {
      case .text: report.tell(console)
      case .json: report.write(console, pretty: format.pretty)
      }
      console.flush()
      let status = status(changes)
      if status != 0 { throw ExitCode(status) }
    }

    private func policies(_ name: String) async throws(PolicyLoadError) -> PolicySet {
      try PolicySet(try await GitSources.sources(name, path: path), timeZones: .system)
    }

    private func status(_ changes: AccessChanges) -> Int32 {
      let fails =
        switch failOn {
        case nil: false
        case .morePermissive:
          changes.contains(.morePermissive) || changes.contains(.incomparable)
        case .lessPermissive:
          changes.contains(.lessPermissive) || changes.contains(.incomparable)
        case .any: changes.isAnything
        }
      if fails { return Status.denied }
      return failOn != nil && changes.isDoubtful ? Status.warned : 0
    }
  }
#endif

#if CLI
  import CEL
  import PolicyEngine

  /// What came of the requests so far.
  struct Tally {
    private(set) var allowed = 0
    private(set) var warned = 0
    private(set) var denied = 0
    private(set) var unusable = 0

    var all: Int { allowed + warned + denied + unusable }

    mutating func add(_ answer: Result<Decision, RequestError>) {
      add(try? answer.get().outcome)
    }

    /// Nil for what can't be used.
    mutating func add(_ outcome: Outcome?) {
      switch outcome {
      case nil: unusable += 1
      case .allow: allowed += 1
      case .warn: warned += 1
      case .deny: denied += 1
      }
    }

    mutating func add(_ other: Tally) {
      allowed += other.allowed
      warned += other.warned
      denied += other.denied
      unusable += other.unusable
    }

    /// The exit status. What could not be decided weighs most.
    func status(failOnWarn: Bool) -> Int32 {
      if unusable > 0 { return Status.unusable }
      if denied > 0 { return Status.denied }
      return failOnWarn && warned > 0 ? Status.warned : 0
    }
  }

  /// One run of `modelgate check`: files in, answers out, in order.
  final class CheckRun {
    private(set) var tally = Tally()
    private var authorizer: Authorizer
    private let console: Console
    private let format: FormatOptions
    private let hasSeveralFiles: Bool
    private let report: TextReport
    private var progress = Progress(total: nil)

    init(
      _ authorizer: Authorizer, _ console: Console, _ format: FormatOptions, hasSeveralFiles: Bool,
      explains: Bool
    ) {
      self.authorizer = authorizer
      self.console = console
      self.format = format
      self.hasSeveralFiles = hasSeveralFiles
      report = TextReport(console: console, explains: explains)
    }

    /// Answers everything in a file. A file that can't be read counts as one request that can't be
    /// used.
    func check(_ path: String) {
      do throws(System.Refusal) {
        // Whoever waits for an answer before sending more must get it before this waits for more.
        let source = try RequestSource(path) { [console] in console.flush() }
        progress = Progress(total: source.size)
        defer { progress.finish() }
        while let item = try source.next() {
          answer(item, source)
          try answerLines(of: source)
          progress.update(bytes: source.consumed, requests: tally.all)
        }
      } catch {
        let message = "`\(path)` can't be read: \(error.message)"
        refuse(
          RequestError(
            code: "unreadable", message: message, help: Self.help(path, error), line: 0, column: 0),
          [],
          file: path, line: 1)
      }
    }

    /// Goes through a long file of lines on all cores, as far as its lines are of usual length.
    private func answerLines(of source: RequestSource) throws(System.Refusal) {
      guard format.format == .json, !format.pretty, source.isLines,
        let size = source.size, size >= ParallelLines.smallestFile
      else { return }
      let cores = System.cores
      let lines = ParallelLines(
        authorizer.policies, explains: authorizer.explains, file: source.name, cores: cores)
      var round: ParallelLines.Round?
      while true {
        // While one round is answered, the next is read and the one before is written.
        let chunks: [ParallelLines.Chunk]
        do throws(System.Refusal) {
          chunks = try Self.chunks(of: source, lines.round)
        } catch {
          write(round?.wait() ?? [])
          throw error
        }
        let answers = round?.wait() ?? []
        round = chunks.isEmpty ? nil : lines.begin(chunks)
        write(answers)
        progress.update(bytes: source.consumed, requests: tally.all)
        if round == nil { return }
      }
    }

    private static func chunks(
      of source: RequestSource, _ count: Int
    ) throws(System.Refusal) -> [ParallelLines.Chunk] {
      var chunks: [ParallelLines.Chunk] = []
      while chunks.count < count,
        let chunk = try source.nextLines(about: ParallelLines.chunkBytes)
      {
        chunks.append(chunk)
      }
      return chunks
    }

    private func write(_ answers: [ParallelLines.Answers]) {
      for answers in answers {
        tally.add(answers.tally)
        console.write(answers.output)
      }
    }

    private static func help(_ path: String, _ refusal: System.Refusal) -> String? {
      refusal.message == "it is a folder" ? "name the files in it: `\(path)/*.json`" : nil
    }

    private func answer(_ item: RequestSource.Item, _ source: RequestSource) {
      switch item {
      case .fault(let error): refuse(error, [], file: source.name, line: source.line)
      case .text(let text):
        do throws(RequestError) {
          let answer = try authorizer.answer(json: text)
          if format.format == .json { write(answer) } else { tell(answer, text, source) }
          count(answer)
        } catch {
          refuse(hinting(error, source), text, file: source.name, line: source.line)
        }
      }
    }

    /// Two texts in one file were meant as two requests.
    private func hinting(_ error: RequestError, _ source: RequestSource) -> RequestError {
      guard error.code == "json-trailingContent", !source.isLines else { return error }
      return RequestError(
        code: error.code, message: error.message,
        help: "several requests in one file stand one a line, each without line breaks inside",
        line: error.line, column: error.column)
    }

    private func count(_ answer: Answer) {
      switch answer {
      case .decision(let decision): tally.add(.success(decision))
      case .batch(let answers): for answer in answers { tally.add(answer) }
      }
    }

    private func write(_ answer: Answer) {
      var writer = JSONWriter(format.pretty ? .pretty : .compact)
      answer.write(to: &writer)
      console.document(writer)
    }

    /// A request that can't be used: told where it stands, and never an answer that could be taken
    /// for a yes.
    private func refuse(_ error: RequestError, _ text: [UInt8], file: String, line: Int) {
      tally.add(.failure(error))
      guard format.format == .json else {
        let finding = Finding(error, in: text, file: file, firstLine: line)
        return console.error(finding.text(console.errorStyle))
      }
      var writer = JSONWriter(format.pretty ? .pretty : .compact)
      Self.write(error, text, file, line, into: &writer)
      console.document(writer)
    }

    /// What is answered to a request that can't be used, with its place in the file.
    static func write(
      _ error: RequestError, _ text: [UInt8], _ file: String, _ line: Int,
      into writer: inout JSONWriter
    ) {
      let finding = Finding(error, in: text, file: file, firstLine: line)
      error.writeAnswer(
        to: &writer, place: finding.position ?? SourcePosition(file: file, line: line, column: 1))
    }

    private func tell(_ answer: Answer, _ text: [UInt8], _ source: RequestSource) {
      let outlines = RequestOutline.outlines(of: text)
      let place =
        source.isLines && !(source.line == 1 && source.isKnownToEnd) ? ":\(source.line)" : ""
      switch answer {
      case .decision(let decision):
        let label = hasSeveralFiles || !place.isEmpty ? source.name + place : nil
        report.tell(decision, outlines.first, label: label)
      case .batch(let answers):
        for (index, answer) in answers.enumerated() {
          let outline = index < outlines.count ? outlines[index] : nil
          let label = "\(source.name)\(place) #\(index + 1)"
          switch answer {
          case .success(let decision): report.tell(decision, outline, label: label)
          case .failure(let error):
            let finding = Finding(error, in: text, file: source.name, firstLine: source.line)
            report.tell(finding, outline, label: label)
          }
        }
        if answers.count < outlines.count {
          report.tellOfStop(after: answers.count, of: outlines.count)
        }
      }
    }

    /// Ends the run: the summary, if there was more than one request.
    func finish() {
      if format.format == .text, tally.all > 1 { report.tell(tally) }
      console.flush()
    }
  }
#endif

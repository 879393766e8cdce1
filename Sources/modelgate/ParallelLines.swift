#if CLI
  import CEL
  import Dispatch
  import PolicyEngine
  import Synchronization

  /// Answers a long file of one request a line on all cores, in order.
  ///
  /// The file is read in rounds of a few chunks of whole lines. The chunks of a round are answered
  /// at the same time and then written one after the other, so that memory stays bounded by a round
  /// whatever the file's size, and nobody can tell how many cores there were.
  final class ParallelLines: Sendable {
    /// Whole lines, and where they begin in the file.
    struct Chunk: Sendable {
      let bytes: [UInt8]
      let firstLine: Int
    }
    /// The answers to a chunk, one a line, and what came of them.
    struct Answers: Sendable {
      var output: [UInt8] = []
      var tally = Tally()
    }

    /// Shorter files are answered as fast by one core.
    static let smallestFile = 1 << 20
    static let chunkBytes = 1 << 18
    private static let chunksPerCore = 4

    private let file: String
    /// Authorizers that nobody uses at the moment.
    private let idle: Mutex<[Authorizer]>
    private let explains: Bool
    private let policies: PolicySet
    /// Chunks that are answered at the same time.
    let round: Int

    init(_ policies: PolicySet, explains: Bool, file: String, cores: Int) {
      self.policies = policies
      self.explains = explains
      self.file = file
      round = max(1, cores) * Self.chunksPerCore
      idle = Mutex([])
    }

    /// A round that is being answered.
    final class Round: Sendable {
      private let answers: Mutex<[Answers]>
      private let group = DispatchGroup()

      fileprivate init(_ chunks: [Chunk], of lines: ParallelLines) {
        answers = Mutex([Answers](repeating: Answers(), count: chunks.count))
        DispatchQueue.global(qos: .userInitiated).async(group: group) {
          DispatchQueue.concurrentPerform(iterations: chunks.count) { index in
            let answer = lines.answer(chunks[index])
            self.answers.withLock { $0[index] = answer }
          }
        }
      }

      /// Waits for the answers to each chunk, in their order.
      func wait() -> [Answers] {
        group.wait()
        return answers.withLock { $0 }
      }
    }

    /// Begins to answer chunks. Whoever asked reads the next ones meanwhile.
    func begin(_ chunks: [Chunk]) -> Round { Round(chunks, of: self) }

    private func answer(_ chunk: Chunk) -> Answers {
      var authorizer = idle.withLock { $0.popLast() } ?? makeAuthorizer()
      var answers = Answers()
      var writer = JSONWriter()
      var start = 0
      var line = chunk.firstLine
      while start < chunk.bytes.count {
        let end =
          System.firstIndex(of: UInt8(ascii: "\n"), in: chunk.bytes, from: start)
          ?? chunk.bytes.count
        if !InputStream.isBlank(chunk.bytes[start..<end]) {
          do throws(RequestError) {
            try authorizer.answer(json: chunk.bytes, in: start..<end, into: &writer) { outcome in
              answers.tally.add(outcome)
            }
          } catch {
            answers.tally.add(nil)
            CheckRun.write(error, Array(chunk.bytes[start..<end]), file, line, into: &writer)
          }
          writer.endLine()
        }
        start = end + 1
        line += 1
      }
      answers.output = writer.bytes
      idle.withLock { [authorizer] in $0.append(authorizer) }
      return answers
    }

    private func makeAuthorizer() -> Authorizer {
      var authorizer = Authorizer(policies)
      authorizer.explains = explains
      return authorizer
    }
  }
#endif

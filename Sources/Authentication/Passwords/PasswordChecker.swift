#if Server
  import Crypto
  import Foundation
  import GateServer
  import Synchronization

  /// Whether passwords are right, without letting anybody guess many of them, and without hashing the
  /// same one again and again.
  final class PasswordChecker: Sendable {
    /// A name and a password that somebody presents.
    struct Attempt: Sendable {
      let name: String
      let password: [UInt8]
      /// From where, as far as failures are counted.
      let network: String
      /// Of the user of that name; if there is none, another one that takes as long.
      let hash: PasswordHash
      /// Whether the right password lets the caller in. If not, everything takes its time all the
      /// same.
      let canSucceed: Bool
      /// Of the users file.
      let version: UInt64

      /// Under which failures are counted and right passwords remembered.
      var pair: String { "\(network)\u{0}\(name)" }
    }

    enum Outcome: Hashable, Sendable {
      case right
      case wrong
      /// Not checked: seconds to wait.
      case tooMany(Int)
    }

    private struct Remembered {
      let tag: [UInt8]
      let version: UInt64
      let until: Int64
      let since: Int64
    }

    /// What a header has proven.
    private struct Recognized {
      let authentication: Authentication
      let pair: String
      let version: UInt64
      let until: Int64
      let since: Int64
    }

    private struct State {
      var pairs = AttemptTable(
        free: AuthenticationLimits.freeAttempts, longest: AuthenticationLimits.longestDelay)
      var networks = AttemptTable(
        free: AuthenticationLimits.freeAttemptsPerAddress,
        longest: AuthenticationLimits.longestAddressDelay)
      var remembered: [String: Remembered] = [:]
      var recognized: [[UInt8]: Recognized] = [:]
      /// One check for all who present the same password at the same time.
      var running: [[UInt8]: Task<Outcome, Never>] = [:]
    }

    /// Of this process alone: what is remembered is worth nothing outside of it.
    private let keyed = HMAC<SHA256>(key: SymmetricKey(size: .bits256))
    private let keyedHeaders = HMAC<SHA256>(key: SymmetricKey(size: .bits256))
    private let clock: AuthenticationSettings.Clock
    let queue: HashQueue
    private let state = Mutex(State())

    init(queue: HashQueue, clock: @escaping AuthenticationSettings.Clock) {
      (self.queue, self.clock) = (queue, clock)
    }

    private enum Step {
      case done(Outcome)
      case join(Task<Outcome, Never>)
      case begin(Task<Outcome, Never>)
    }

    func check(_ attempt: Attempt) async -> Outcome {
      let tag = tag(attempt)
      switch state.withLock({ step(attempt, tag, &$0) }) {
      case .done(let outcome): return outcome
      case .join(let task): return await task.value
      case .begin(let task):
        let outcome = await task.value
        state.withLock { $0.running[tag] = nil }
        return outcome
      }
    }

    private func step(_ attempt: Attempt, _ tag: [UInt8], _ state: inout State) -> Step {
      let (pair, now) = (attempt.pair, clock())
      let wait = state.pairs.wait(pair, now: now)
      if wait > 0 { return .done(.tooMany(wait)) }
      if isRemembered(attempt, state.remembered[pair], tag, now) { return .done(.right) }
      if let task = state.running[tag] { return .join(task) }
      let networkWait = state.networks.wait(attempt.network, now: now)
      if networkWait > 0 {
        // What was just compared with the remembered password was a guess too.
        state.pairs.note(pair, now: now)
        return .done(.tooMany(networkWait))
      }
      state.pairs.note(pair, now: now)
      state.networks.note(attempt.network, now: now)
      let task = Task { await self.hash(attempt, pair, tag) }
      state.running[tag] = task
      return .begin(task)
    }

    private func hash(_ attempt: Attempt, _ pair: String, _ tag: [UInt8]) async -> Outcome {
      let (hash, password) = (attempt.hash, attempt.password)
      do {
        let matches = try await queue.run(from: attempt.network) { hash.matches(password) }
        guard matches, attempt.canSucceed else { return .wrong }
      } catch {
        state.withLock { state in
          state.pairs.takeBack(pair)
          state.networks.takeBack(attempt.network)
        }
        return .tooMany(1)
      }
      let now = clock()
      state.withLock { state in
        state.pairs.forgive(pair)
        state.networks.takeBack(attempt.network)
        remember(attempt, pair, tag, now, &state)
      }
      return .right
    }

    // MARK: Remembering

    /// Says nothing about the password to whoever does not have the key. Bound to the user's record
    /// and to whence it came: who waits for a check elsewhere is not counted here.
    private func tag(_ attempt: Attempt) -> [UInt8] {
      var text: [UInt8] = []
      for part in [attempt.name, attempt.network, attempt.hash.text] {
        text.append(contentsOf: "\(part.utf8.count):".utf8)
        text.append(contentsOf: part.utf8)
      }
      text.append(attempt.canSucceed ? 1 : 0)
      text.append(contentsOf: attempt.password)
      return Self.code(of: text, keyed)
    }

    /// Copied out at once: as a sequence, a code is three arrays before it is one.
    private static func code(of text: [UInt8], _ keyed: HMAC<SHA256>) -> [UInt8] {
      var code = keyed
      code.update(data: text)
      return unsafe code.finalize().withUnsafeBytes { unsafe Array($0) }
    }

    private func isRemembered(
      _ attempt: Attempt, _ known: Remembered?, _ tag: [UInt8], _ now: Int64
    ) -> Bool {
      guard let known, known.version == attempt.version,
        now < known.until, now >= known.since, attempt.canSucceed
      else { return false }
      return isSameSecret(known.tag, tag)
    }

    private func remember(
      _ attempt: Attempt, _ pair: String, _ tag: [UInt8], _ now: Int64, _ state: inout State
    ) {
      if state.remembered.count >= AuthenticationLimits.cachedPasswords {
        state.remembered = state.remembered.filter {
          $0.value.until > now && $0.value.version == attempt.version
        }
        while state.remembered.count >= AuthenticationLimits.cachedPasswords,
          let oldest = state.remembered.min(by: { $0.value.since < $1.value.since })
        { state.remembered[oldest.key] = nil }
      }
      state.remembered[pair] = Remembered(
        tag: tag, version: attempt.version,
        until: now + Int64(AuthenticationLimits.cacheSeconds) * 1_000, since: now)
    }

    /// How many passwords are remembered.
    var memory: Int { state.withLock { $0.remembered.count } }
  }

  // MARK: Headers

  extension PasswordChecker {
    /// Who a header has proven to be when it last came from an address, if nothing has happened
    /// since that would have its password checked otherwise: the file of users is of the same
    /// version, the password is still remembered, and nobody has to wait before trying again.
    ///
    /// - Parameter version: of the users file, as it is now.
    func recognized(
      _ header: String, from address: String?, version: UInt64
    ) -> Authentication? {
      let (tag, now) = (tag(header, address), clock())
      return state.withLock { state in
        guard let known = state.recognized[tag], known.version == version,
          now < known.until, now >= known.since, state.pairs.wait(known.pair, now: now) == 0
        else { return nil }
        return known.authentication
      }
    }

    /// Keeps who a header has proven to be, for as long as its password is remembered.
    func recognize(
      _ header: String, from address: String?, as authentication: Authentication,
      by attempt: Attempt
    ) {
      let (tag, passwordTag) = (tag(header, address), tag(attempt))
      state.withLock { state in
        guard let known = state.remembered[attempt.pair], known.version == attempt.version,
          isSameSecret(known.tag, passwordTag)
        else { return }
        // Those who come again are soon known again.
        if state.recognized.count >= AuthenticationLimits.cachedPasswords {
          state.recognized.removeAll(keepingCapacity: true)
        }
        state.recognized[tag] = Recognized(
          authentication: authentication, pair: attempt.pair, version: known.version,
          until: known.until, since: known.since)
      }
    }

    /// Says nothing about the header to whoever does not have the key.
    private func tag(_ header: String, _ address: String?) -> [UInt8] {
      var text: [UInt8] = []
      text.reserveCapacity(header.utf8.count + 64)
      text.append(contentsOf: "\(address?.utf8.count ?? -1):".utf8)
      text.append(contentsOf: (address ?? "").utf8)
      text.append(contentsOf: header.utf8)
      return Self.code(of: text, keyedHeaders)
    }

    /// How many headers are recognized, for tests.
    var recognizedHeaders: Int { state.withLock { $0.recognized.count } }
  }
#endif

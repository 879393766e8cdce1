#if Server
  import Crypto
  import Foundation

  /// Whether passwords are right, without letting anybody guess many of them, and without hashing the
  /// same one again and again.
  actor PasswordChecker {
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

    /// Of this process alone: what is remembered is worth nothing outside of it.
    private let keyed = HMAC<SHA256>(key: SymmetricKey(size: .bits256))
    private let clock: AuthenticationSettings.Clock
    nonisolated let queue: HashQueue
    private var pairs = AttemptTable(
      free: AuthenticationLimits.freeAttempts, longest: AuthenticationLimits.longestDelay)
    private var networks = AttemptTable(
      free: AuthenticationLimits.freeAttemptsPerAddress,
      longest: AuthenticationLimits.longestAddressDelay)
    private var remembered: [String: Remembered] = [:]
    /// One check for all who present the same password at the same time.
    private var running: [[UInt8]: Task<Outcome, Never>] = [:]

    init(queue: HashQueue, clock: @escaping AuthenticationSettings.Clock) {
      (self.queue, self.clock) = (queue, clock)
    }

    func check(_ attempt: Attempt) async -> Outcome {
      let (pair, now) = (attempt.pair, clock())
      let wait = pairs.wait(pair, now: now)
      if wait > 0 { return .tooMany(wait) }
      let tag = tag(attempt)
      if isRemembered(attempt, pair, tag, now) { return .right }
      if let task = running[tag] { return await task.value }
      let networkWait = networks.wait(attempt.network, now: now)
      if networkWait > 0 {
        // What was just compared with the remembered password was a guess too.
        pairs.note(pair, now: now)
        return .tooMany(networkWait)
      }
      pairs.note(pair, now: now)
      networks.note(attempt.network, now: now)
      let task = Task { await self.hash(attempt, pair, tag) }
      running[tag] = task
      let outcome = await task.value
      running[tag] = nil
      return outcome
    }

    private func hash(_ attempt: Attempt, _ pair: String, _ tag: [UInt8]) async -> Outcome {
      let (hash, password) = (attempt.hash, attempt.password)
      do {
        let matches = try await queue.run(from: attempt.network) { hash.matches(password) }
        guard matches, attempt.canSucceed else { return .wrong }
      } catch {
        pairs.takeBack(pair)
        networks.takeBack(attempt.network)
        return .tooMany(1)
      }
      pairs.forgive(pair)
      networks.takeBack(attempt.network)
      remember(attempt, pair, tag)
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
      var code = keyed
      code.update(data: text)
      return Array(code.finalize())
    }

    private func isRemembered(
      _ attempt: Attempt, _ pair: String, _ tag: [UInt8], _ now: Int64
    ) -> Bool {
      guard let known = remembered[pair], known.version == attempt.version,
        now < known.until, now >= known.since, attempt.canSucceed
      else { return false }
      return isSameSecret(known.tag, tag)
    }

    private func remember(_ attempt: Attempt, _ pair: String, _ tag: [UInt8]) {
      let now = clock()
      if remembered.count >= AuthenticationLimits.cachedPasswords {
        remembered = remembered.filter {
          $0.value.until > now && $0.value.version == attempt.version
        }
        while remembered.count >= AuthenticationLimits.cachedPasswords,
          let oldest = remembered.min(by: { $0.value.since < $1.value.since })
        { remembered[oldest.key] = nil }
      }
      remembered[pair] = Remembered(
        tag: tag, version: attempt.version,
        until: now + Int64(AuthenticationLimits.cacheSeconds) * 1_000, since: now)
    }

    /// How many passwords are remembered.
    var memory: Int { remembered.count }
  }
#endif

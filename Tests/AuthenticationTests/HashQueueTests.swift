#if Server
  @testable import Authentication
  import Dispatch
  import Synchronization
  import Testing

  /// Hashing takes a bounded part of the machine, whoever asks for how much.
  @Suite struct HashQueueTests {
    /// Counts who is inside at the same time, and waits until all may go.
    final class Gate: Sendable {
      private let inside = Mutex((now: 0, most: 0))
      private let semaphore = DispatchSemaphore(value: 0)

      func pass() {
        inside.withLock { inside in
          inside.now += 1
          inside.most = max(inside.most, inside.now)
        }
        semaphore.wait()
        inside.withLock { $0.now -= 1 }
      }

      func open(_ count: Int) { for _ in 0..<count { semaphore.signal() } }

      var most: Int { inside.withLock { $0.most } }
      var now: Int { inside.withLock { $0.now } }
    }

    static func until(_ condition: () -> Bool) async {
      while !condition() { try? await Task.sleep(for: .milliseconds(1)) }
    }

    @Test func onlySoManyAtOnceAndSoManyWait() async throws {
      let (queue, gate) = (HashQueue(), Gate())
      let all = AuthenticationLimits.hashesAtOnce + AuthenticationLimits.waitingHashes
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for index in 0..<all {
          group.addTask {
            try await queue.run(from: "\(index)") {
              gate.pass()
              return true
            }
          }
          // One after the other, so that the first ones run when the last ones come.
          await Self.until { queue.load.running + queue.load.waiting == index + 1 }
        }
        #expect(
          queue.load == (AuthenticationLimits.hashesAtOnce, AuthenticationLimits.waitingHashes))
        await #expect(throws: HashQueue.Full.self) {
          try await queue.run(from: "one too many") { true }
        }
        await Self.until { gate.now == AuthenticationLimits.hashesAtOnce }
        gate.open(all)
        for try await result in group { #expect(result) }
      }
      #expect(gate.most == AuthenticationLimits.hashesAtOnce)
      #expect(queue.load == (0, 0))
      #expect(try await queue.run(from: "afterwards") { true })
    }

    @Test func oneAddressDoesNotFillTheQueue() async throws {
      let (queue, gate) = (HashQueue(), Gate())
      let own = AuthenticationLimits.hashesAtOnce + AuthenticationLimits.waitingHashesPerAddress
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for index in 0..<own {
          group.addTask {
            try await queue.run(from: "192.0.2.1") {
              gate.pass()
              return true
            }
          }
          await Self.until { queue.load.running + queue.load.waiting == index + 1 }
        }
        await #expect(throws: HashQueue.Full.self) {
          try await queue.run(from: "192.0.2.1") { true }
        }
        group.addTask { try await queue.run(from: "192.0.2.2") { true } }
        await Self.until { queue.load.waiting == own - AuthenticationLimits.hashesAtOnce + 1 }
        gate.open(own)
        for try await result in group { #expect(result) }
      }
    }

    @Test func aFullQueueIsTooManyAndNoFailure() async throws {
      let (queue, gate, clock) = (HashQueue(), Gate(), TestClock())
      let checker = PasswordChecker(queue: queue, clock: clock.clock)
      let hash = try PasswordHash(Site.hash)
      func attempt(_ network: String) -> PasswordChecker.Attempt {
        PasswordChecker.Attempt(
          name: "bob", password: Array(Site.password.utf8), network: network, hash: hash,
          canSucceed: true, version: 1)
      }
      let all = AuthenticationLimits.hashesAtOnce + AuthenticationLimits.waitingHashes
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for index in 0..<all {
          group.addTask {
            try await queue.run(from: "\(index)") {
              gate.pass()
              return true
            }
          }
          await Self.until { queue.load.running + queue.load.waiting == index + 1 }
        }
        for _ in 0..<(AuthenticationLimits.freeAttempts * 2) {
          #expect(await checker.check(attempt("here")) == .tooMany(1))
        }
        gate.open(all)
        for try await result in group { #expect(result) }
      }
      #expect(await checker.check(attempt("here")) == .right)
    }
  }

  /// What is remembered of good passwords.
  @Suite struct PasswordMemoryTests {
    @Test func aPasswordIsRememberedForATimeAndForOneRecord() async throws {
      let (queue, clock) = (HashQueue(), TestClock())
      let checker = PasswordChecker(queue: queue, clock: clock.clock)
      let hash = try PasswordHash(Site.hash)
      func check(
        _ password: String = Site.password, hash other: PasswordHash? = nil, version: UInt64 = 1,
        canSucceed: Bool = true
      ) async -> PasswordChecker.Outcome {
        await checker.check(
          .init(
            name: "bob", password: Array(password.utf8), network: "here", hash: other ?? hash,
            canSucceed: canSucceed, version: version))
      }
      #expect(await check() == .right)
      #expect(checker.memory == 1)
      #expect(await check("wrong horse") == .wrong)
      // Another record, another version of the file, or a user who may not: not from memory.
      let changed = try PasswordHash(
        "$2b$04$0123456789abcdefghijku3kbt3Y/qFXQUJOjKMA1wiJt7RUESwWa")
      #expect(await check(hash: changed) == .wrong)
      #expect(await check(canSucceed: false) == .wrong)
      #expect(await check(version: 2) == .right)
    }

    /// From memory, nothing is hashed: so the queue tells whether it was.
    @Test(arguments: [
      (AuthenticationLimits.cacheSeconds - 1, true), (AuthenticationLimits.cacheSeconds, false),
    ]) func memoryEnds(_ seconds: Int, _ isRemembered: Bool) async throws {
      let (queue, clock, gate) = (HashQueue(), TestClock(), HashQueueTests.Gate())
      let checker = PasswordChecker(queue: queue, clock: clock.clock)
      let attempt = PasswordChecker.Attempt(
        name: "bob", password: Array(Site.password.utf8), network: "here",
        hash: try PasswordHash(Site.hash), canSucceed: true, version: 1)
      #expect(await checker.check(attempt) == .right)
      clock.advance(seconds: Int64(seconds))
      try await withThrowingTaskGroup(of: Bool.self) { group in
        let all = AuthenticationLimits.hashesAtOnce + AuthenticationLimits.waitingHashes
        for index in 0..<all {
          group.addTask {
            try await queue.run(from: "\(index)") {
              gate.pass()
              return true
            }
          }
          await HashQueueTests.until { queue.load.running + queue.load.waiting == index + 1 }
        }
        #expect(await checker.check(attempt) == (isRemembered ? .right : .tooMany(1)))
        gate.open(all)
        for try await result in group { #expect(result) }
      }
    }

    @Test func memoryIsBounded() async throws {
      let checker = PasswordChecker(queue: HashQueue(), clock: TestClock().clock)
      let hash = try PasswordHash.make(
        Array(Site.password.utf8), Scrypt(cost: 10, blockSize: 1, parallelism: 1))
      for index in 0...AuthenticationLimits.cachedPasswords {
        let outcome = await checker.check(
          .init(
            name: "user \(index)", password: Array(Site.password.utf8), network: "here",
            hash: hash, canSucceed: true, version: 1))
        #expect(outcome == .right)
        #expect(checker.memory == min(index + 1, AuthenticationLimits.cachedPasswords))
      }
    }
  }
#endif

package dev.portage.lane;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who waits for a turn: rollbacks first, then the others, each in order of asking. */
final class LaneQueue {

  /** Further promotions request again later, and a lane must be able to carry over its state. */
  private static final int MOST_WAITING = 1_000;

  /**
   * Characters of all requests that wait. JSON makes up to six bytes of one, and Temporal takes 2
   * MiB of an answer and of what is carried on.
   */
  private static final int MOST_TEXT = 250_000;

  private final List<TurnRequest> waiting;

  LaneQueue(List<TurnRequest> waiting) {
    this.waiting = new ArrayList<>(waiting);
  }

  /** Queues a request unless it waits already. One without room is dropped, and comes again. */
  void add(TurnRequest request) {
    if (waiting.contains(request)) {
      return;
    }
    if (request.isRollback()) {
      makeRoom(request);
    }
    if (hasRoom(request)) {
      waiting.add(request.isRollback() ? rollbacks() : waiting.size(), request);
    }
  }

  /** A rollback doesn't wait behind a crowd, not even for a place in the queue. */
  private void makeRoom(TurnRequest request) {
    while (!hasRoom(request) && rollbacks() < waiting.size()) {
      waiting.removeLast();
    }
  }

  private int rollbacks() {
    return Math.toIntExact(waiting.stream().filter(TurnRequest::isRollback).count());
  }

  private boolean hasRoom(TurnRequest request) {
    return waiting.size() < MOST_WAITING
        && request.length() + waiting.stream().mapToInt(TurnRequest::length).sum() <= MOST_TEXT;
  }

  /** Drops what earlier runs of the same workflow requested: it has one open run at a time. */
  void dropEarlierOf(TurnRequest request) {
    waiting.removeIf(
        earlier -> earlier.holder().equals(request.holder()) && !earlier.equals(request));
  }

  boolean remove(TurnRequest request) {
    return waiting.remove(request);
  }

  boolean contains(TurnRequest request) {
    return waiting.contains(request);
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  TurnRequest first() {
    return waiting.getFirst();
  }

  /** The rollback that is next; null if none waits. */
  @Nullable TurnRequest rollback() {
    return !waiting.isEmpty() && waiting.getFirst().isRollback() ? waiting.getFirst() : null;
  }

  List<TurnRequest> list() {
    return List.copyOf(waiting);
  }
}

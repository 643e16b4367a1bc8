package dev.portage.unitycatalog;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Resumable uploads in memory, as strict as <a
 * href="https://cloud.google.com/storage/docs/performing-resumable-uploads">Google's</a>: bytes
 * arrive in order, in multiples of 256 KiB except the last, and stored bytes are never replaced.
 */
final class FakeResumable {
  private static final int UNIT = 256 << 10;
  private static final Pattern BYTES = Pattern.compile("bytes (\\d+)-(\\d+)/(\\d+)");
  private static final Pattern STATUS = Pattern.compile("bytes \\*/(\\*|\\d+)");

  /** Keeps only the first half of the next bytes, as when a server moves midway. */
  final AtomicBoolean losesHalf = new AtomicBoolean();

  private final Map<String, Session> sessions = new ConcurrentHashMap<>();

  /** Starts a session. */
  void begin(String token, Consumer<byte[]> whole) {
    sessions.put(token, new Session(whole));
  }

  /** How many are in progress. */
  int open() {
    return sessions.size();
  }

  /** Handles a request to a session's URL. */
  MockResponse answer(String token, RecordedRequest request) {
    Session session = sessions.get(token);
    if (session == null) {
      return new MockResponse.Builder().code(410).build();
    }
    if (!"yes".equals(request.getHeaders().get("x-signed"))) {
      return refusal("not signed");
    }
    if (request.getMethod().equals("DELETE")) {
      sessions.remove(token);
      return new MockResponse.Builder().code(499).build();
    }
    return session.put(request);
  }

  private final class Session {
    private final Consumer<byte[]> whole;
    private final Buffer arrived = new Buffer();
    private boolean isComplete;

    private Session(Consumer<byte[]> whole) {
      this.whole = whole;
    }

    /** Accepts some bytes, or reports how many there are. */
    private synchronized MockResponse put(RecordedRequest request) {
      String range = String.valueOf(request.getHeaders().get("Content-Range"));
      @Nullable ByteString body = request.getBody();
      Matcher some = BYTES.matcher(range);
      if (isComplete || (STATUS.matcher(range).matches() && (body == null || body.size() == 0))) {
        return status();
      }
      if (!some.matches() || body == null) {
        return refusal("the range is " + range);
      }
      long first = Long.parseLong(String.valueOf(some.group(1)));
      long end = Long.parseLong(String.valueOf(some.group(2))) + 1;
      long size = Long.parseLong(String.valueOf(some.group(3)));
      if (first > arrived.size() || end - first != body.size() || end > size) {
        return refusal("bytes " + range + " do not follow " + arrived.size());
      }
      if (end < size && body.size() % UNIT != 0) {
        return refusal("no multiple of 256 KiB");
      }
      long kept = losesHalf.getAndSet(false) ? body.size() / 2 / UNIT * UNIT : body.size();
      int fresh = (int) (arrived.size() - first);
      if (fresh < kept) {
        arrived.write(body, fresh, (int) kept - fresh);
      }
      if (arrived.size() == size) {
        isComplete = true;
        whole.accept(arrived.readByteArray());
      }
      return status();
    }

    private MockResponse status() {
      if (isComplete) {
        return new MockResponse.Builder().code(200).build();
      }
      MockResponse.Builder answer = new MockResponse.Builder().code(308);
      return (arrived.size() == 0
              ? answer
              : answer.addHeader("Range", "bytes=0-" + (arrived.size() - 1)))
          .build();
    }
  }

  private static MockResponse refusal(String why) {
    return new MockResponse.Builder().code(400).body(why).build();
  }
}

package dev.portage.localworkspace.blobs;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;

/** Which signatures were issued, so that all of them can be revoked early. */
final class IssuedUrls {
  private final Set<String> issued = new HashSet<>();
  private final Set<String> ended = new HashSet<>();

  /**
   * Signs again.
   *
   * @param sign gives a query for so many seconds more than wanted: within one second the same URL
   *     has the same signature, and one that was ended must not come again
   */
  synchronized String issue(LongFunction<String> sign) {
    long more = 0;
    String query = sign.apply(more);
    while (ended.contains(signature(Escapes.query(query)))) {
      query = sign.apply(++more);
    }
    issued.add(signature(Escapes.query(query)));
    return query;
  }

  synchronized void endAll() {
    ended.addAll(issued);
    issued.clear();
  }

  synchronized boolean isEnded(Map<String, String> query) {
    return ended.contains(signature(query));
  }

  private static String signature(Map<String, String> query) {
    for (String name : new String[] {"sig", "X-Amz-Signature", "X-Goog-Signature"}) {
      String value = query.get(name);
      if (value != null) {
        return value;
      }
    }
    return "";
  }
}

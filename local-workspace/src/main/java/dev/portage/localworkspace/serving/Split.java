package dev.portage.localworkspace.serving;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * Shares requests by weight, evenly: of any hundred in a row, each gets its percentage, and they
 * take turns instead of coming in blocks. It is the smooth weighted round robin of nginx.
 */
public final class Split {
  private final Map<String, Integer> weights;
  private final Map<String, Integer> credit = new LinkedHashMap<>();
  private final int total;

  /**
   * Shares among those of these weights.
   *
   * @param weights by name; those of 0 get nothing
   */
  public Split(Map<String, Integer> weights) {
    this.weights = Map.copyOf(weights);
    int sum = 0;
    for (Map.Entry<String, Integer> weight : new LinkedHashMap<>(weights).entrySet()) {
      if (weight.getValue() < 0) {
        throw new IllegalArgumentException("a weight can't be " + weight.getValue());
      }
      if (weight.getValue() > 0) {
        credit.put(weight.getKey(), 0);
        sum += weight.getValue();
      }
    }
    total = sum;
  }

  /** The weights, by name. */
  public Map<String, Integer> weights() {
    return weights;
  }

  /**
   * Who gets the next request.
   *
   * @throws NoSuchElementException where nobody has a weight
   */
  public synchronized String next() {
    String best = null;
    int most = Integer.MIN_VALUE;
    for (Map.Entry<String, Integer> entry : credit.entrySet()) {
      int now = entry.getValue() + weights.getOrDefault(entry.getKey(), 0);
      entry.setValue(now);
      if (now > most) {
        most = now;
        best = entry.getKey();
      }
    }
    if (best == null) {
      throw new NoSuchElementException("no traffic goes anywhere");
    }
    credit.merge(best, -total, Integer::sum);
    return best;
  }
}

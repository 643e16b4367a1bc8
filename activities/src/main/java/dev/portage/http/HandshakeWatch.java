package dev.portage.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.Protocol;
import okio.AsyncTimeout;
import org.jspecify.annotations.Nullable;

/**
 * Ends a call whose TLS handshake stalls. OkHttp gives a handshake as long as the first byte, for
 * which a server that works on a large file may need minutes; a handshake never takes that long.
 */
final class HandshakeWatch extends EventListener {
  private final AsyncTimeout timeout;

  /**
   * The thread that shakes hands, null for none. Addresses of a host are tried side by side, each
   * on a thread of its own: one that is late to fail must not end the watch over the one that won.
   */
  private volatile @Nullable Thread shaking;

  /**
   * For one call.
   *
   * @param longest that one handshake may take
   */
  HandshakeWatch(Call call, Duration longest) {
    timeout =
        new AsyncTimeout() {
          @Override
          protected void timedOut() {
            call.cancel();
          }
        };
    timeout.timeout(longest.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void secureConnectStart(Call call) {
    exit();
    timeout.enter();
    shaking = Thread.currentThread();
  }

  @Override
  public void secureConnectEnd(Call call, @Nullable Handshake handshake) {
    exit();
  }

  @Override
  public void connectFailed(
      Call call,
      InetSocketAddress address,
      Proxy proxy,
      @Nullable Protocol protocol,
      IOException problem) {
    exit();
  }

  private void exit() {
    if (Thread.currentThread().equals(shaking)) {
      shaking = null;
      timeout.exit();
    }
  }
}

package dev.portage.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import okhttp3.Dns;

/**
 * Names that lead to a link-local address are not resolved: at 169.254.169.254 clouds hand out the
 * machine's own credentials, and what answers there is quoted in messages.
 */
final class NoLinkLocal implements Dns {

  @Override
  public List<InetAddress> lookup(String host) throws UnknownHostException {
    List<InetAddress> all = Dns.SYSTEM.lookup(host);
    List<InetAddress> allowed = all.stream().filter(one -> !one.isLinkLocalAddress()).toList();
    if (allowed.isEmpty()) {
      throw new UnknownHostException("only link-local addresses");
    }
    return allowed;
  }
}

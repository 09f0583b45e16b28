package org.smg.history.security.authentication;

import java.util.Collection;
import java.util.List;

/** What is read of a request to find out who makes it. */
public interface Sender {

  /** The address at the other end of the connection, in numbers. */
  String address();

  Collection<String> headerNames();

  /** The values of a header, one for each time that it was sent. */
  List<String> headers(String name);
}

package org.smg.oracle;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Where Oracle is and who connects. A field that is not set is empty, never null.
 *
 * <p>Messages name the option that is wrong and repeat nothing that can contain a password.
 *
 * @param walletPath the folder of tnsnames.ora and the wallet
 * @param tnsAlias a name in tnsnames.ora
 * @param dsn a connect descriptor or host:port/service
 * @param externalAuth whether to log in with the wallet's credential in place of user and password
 * @param schema the schema whose tables are used; the user's own if empty
 * @param timeoutSeconds seconds that a request waits for a connection; connecting with logging in,
 *     and each answer, take no longer either, and at most {@link #LONGEST_LOGIN} and {@link
 *     #LONGEST_ANSWER} seconds
 */
public record OracleLogin(
    String walletPath,
    String tnsAlias,
    String dsn,
    String user,
    String password,
    boolean externalAuth,
    String schema,
    int timeoutSeconds) {

  /** Seconds. A database that hangs costs a request no more than ten, in whatever step. */
  static final int LONGEST_LOGIN = 8;

  static final int LONGEST_ANSWER = 10;

  private static final int MILLIS = 1000;

  private static final Pattern SCHEMA = Pattern.compile("[A-Za-z][A-Za-z0-9_$#]{0,127}");

  /** The files that a wallet can be: one that opens without a password, or with one. */
  private static final List<String> WALLETS = List.of("cwallet.sso", "ewallet.p12");

  /**
   * What does not go together: a line for each fault, which begins with the name of the option.
   * Empty if the login can be tried.
   */
  public List<String> faults() {
    List<String> faults = new ArrayList<>();
    // SQL*Plus takes user/password@host, and Oracle's messages repeat what stands for the host.
    if (dsn.contains("@") && !dsn.startsWith("(")) {
      faults.add(
          "oracle-dsn: contains an @; set user and password by oracle-user and oracle-password");
    }
    if (tnsAlias.contains("@")) {
      faults.add(
          "oracle-tns-alias: contains an @; set user and password by oracle-user and oracle-password");
    }
    if (tnsAlias.isEmpty() && dsn.isEmpty()) {
      faults.add("oracle-dsn: missing; set it, or oracle-tns-alias and oracle-wallet-path");
    }
    if (!tnsAlias.isEmpty() && !dsn.isEmpty()) {
      faults.add("oracle-tns-alias: set beside oracle-dsn; one of them");
    }
    addFaultsOfWallet(faults);
    addFaultsOfUser(faults);
    if (!schema.isEmpty() && !SCHEMA.matcher(schema).matches()) {
      faults.add(
          "oracle-schema: '%s' is not a name of letters, digits, _, $ and #".formatted(schema));
    }
    return faults;
  }

  private void addFaultsOfWallet(List<String> faults) {
    if (walletPath.isEmpty()) {
      if (!tnsAlias.isEmpty()) {
        faults.add(
            "oracle-wallet-path: missing; oracle-tns-alias needs the folder of its tnsnames.ora");
      }
      if (externalAuth) {
        faults.add("oracle-wallet-path: missing; oracle-external-auth=true needs a wallet");
      }
      return;
    }
    if (!new File(walletPath).isDirectory()) {
      faults.add("oracle-wallet-path: '%s' is not a folder".formatted(walletPath));
      return;
    }
    if (!tnsAlias.isEmpty() && !holds("tnsnames.ora")) {
      faults.add("oracle-wallet-path: there is no tnsnames.ora in '%s'".formatted(walletPath));
    }
    if (externalAuth && !hasWallet()) {
      faults.add(
          "oracle-wallet-path: there is no %s in '%s', which oracle-external-auth=true needs"
              .formatted(String.join(" or ", WALLETS), walletPath));
    }
  }

  private void addFaultsOfUser(List<String> faults) {
    if (externalAuth) {
      if (!user.isEmpty()) {
        faults.add("oracle-user: set beside oracle-external-auth=true, which goes without");
      }
      if (!password.isEmpty()) {
        faults.add("oracle-password: set beside oracle-external-auth=true, which goes without");
      }
      return;
    }
    if (user.isEmpty()) {
      faults.add("oracle-user: missing; set it, or oracle-external-auth=true");
    }
    if (password.isEmpty()) {
      faults.add("oracle-password: missing; set it, or oracle-external-auth=true");
    }
  }

  private boolean hasWallet() {
    return WALLETS.stream().anyMatch(this::holds);
  }

  private boolean holds(String file) {
    return new File(walletPath, file).isFile();
  }

  /** The driver's URL, without user and password. */
  public String url() {
    return "jdbc:oracle:thin:@" + (dsn.isEmpty() ? tnsAlias : dsn);
  }

  /** The driver's connection properties: where its files are, and its timeouts. */
  public Map<String, String> properties() {
    Map<String, String> properties = new TreeMap<>();
    if (!walletPath.isEmpty()) {
      properties.put("oracle.net.tns_admin", walletPath);
      if (hasWallet()) {
        properties.put("oracle.net.wallet_location", walletPath);
      }
    }
    // The name by which administrators see the sessions.
    properties.put("v$session.program", "history");
    int login = Math.min(timeoutSeconds, LONGEST_LOGIN);
    int answer = Math.max(Math.min(timeoutSeconds, LONGEST_ANSWER), login + 1);
    properties.put("oracle.net.CONNECT_TIMEOUT", Integer.toString((login + 1) * MILLIS));
    properties.put("oracle.net.OUTBOUND_CONNECT_TIMEOUT", Integer.toString(login + 1));
    properties.put("oracle.jdbc.loginTimeout", Integer.toString(login));
    properties.put("oracle.jdbc.ReadTimeout", Integer.toString(answer * MILLIS));
    return properties;
  }

  /**
   * The statements that set up a new session. By default it sorts by the rules of the JVM's
   * language; lists are compared and sorted by bytes, so that each page begins where the last one
   * ended.
   */
  public List<String> session() {
    String sorting = "ALTER SESSION SET NLS_SORT = BINARY NLS_COMP = BINARY";
    return schema.isEmpty()
        ? List.of(sorting)
        : List.of(sorting, "ALTER SESSION SET CURRENT_SCHEMA = " + schema);
  }

  /** Shows nothing of the fields, of which several are secret. */
  @Override
  public String toString() {
    return "OracleLogin";
  }
}

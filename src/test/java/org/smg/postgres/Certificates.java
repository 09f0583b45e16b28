package org.smg.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate authority of a test, made by the JDK's own tool. */
public final class Certificates {

  private static final String PASSWORD = "changeit";

  private final Path folder;

  /**
   * @param folder where everything is kept
   */
  public Certificates(Path folder) {
    this.folder = folder;
  }

  /** Makes an authority and answers its certificate. */
  public Path authority(String name) throws IOException, GeneralSecurityException {
    makeKey(name, name, "-ext", "bc:critical=ca:true");
    return pem(name + ".crt", "CERTIFICATE", keys(name).getCertificate(name).getEncoded());
  }

  /** Makes a server's key, certified by the authority for one host name. */
  public Path server(String name, String authority, String host)
      throws IOException, GeneralSecurityException {
    makeKey(name, host);
    Path request = folder.resolve(name + ".csr");
    keytool("-certreq", "-keystore", store(name), "-alias", name, "-file", request.toString());
    Path certificate = folder.resolve(name + ".crt");
    keytool(
        "-gencert",
        "-rfc",
        "-keystore",
        store(authority),
        "-alias",
        authority,
        "-infile",
        request.toString(),
        "-outfile",
        certificate.toString(),
        "-ext",
        "san=dns:" + host,
        "-validity",
        "30");
    Path key =
        pem(
            name + ".key",
            "PRIVATE KEY",
            keys(name).getKey(name, PASSWORD.toCharArray()).getEncoded());
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    return certificate;
  }

  /** A server's side of TLS. */
  public SSLContext tls(String name) throws IOException, GeneralSecurityException {
    KeyStore identity = KeyStore.getInstance("PKCS12");
    identity.load(null, null);
    try (InputStream in = Files.newInputStream(folder.resolve(name + ".crt"))) {
      Certificate[] chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(in)
              .toArray(Certificate[]::new);
      identity.setKeyEntry(
          name, keys(name).getKey(name, PASSWORD.toCharArray()), PASSWORD.toCharArray(), chain);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(identity, PASSWORD.toCharArray());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), null, null);
    return tls;
  }

  Path key(String name) {
    return folder.resolve(name + ".key");
  }

  private String store(String name) {
    return folder.resolve(name + ".p12").toString();
  }

  private KeyStore keys(String name) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(Path.of(store(name)))) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private Path pem(String file, String type, byte[] der) throws IOException {
    String body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return Files.writeString(
        folder.resolve(file),
        "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n".formatted(type, body));
  }

  private void makeKey(String name, String subject, String... more) throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-genkeypair", "-keystore", store(name), "-alias", name));
    arguments.addAll(List.of("-keyalg", "RSA", "-keysize", "2048"));
    arguments.addAll(List.of("-dname", "CN=" + subject, "-validity", "30"));
    arguments.addAll(List.of(more));
    keytool(arguments.toArray(String[]::new));
  }

  private void keytool(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storepass", PASSWORD, "-storetype", "PKCS12"));
    Path log = folder.resolve("keytool.log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException(Files.readString(log));
    }
  }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-transport"

#include "tide-soup-error.h"

#include "tide-error.h"

typedef struct
{
  int         code;
  const char *words;     /* %s stands for the host */
} ErrorWords;

static const ErrorWords io_words[] = {
  { G_IO_ERROR_CONNECTION_REFUSED, "cannot reach %s: connection refused" },
  { G_IO_ERROR_HOST_UNREACHABLE, "cannot reach %s: no route to it" },
  { G_IO_ERROR_NETWORK_UNREACHABLE, "cannot reach %s: there is no network" },
  { G_IO_ERROR_TIMED_OUT, "%s did not answer in time" },
  { G_IO_ERROR_PARTIAL_INPUT, "%s cut its answer short" },
  { G_IO_ERROR_CONNECTION_CLOSED, "%s closed the connection" },
  { G_IO_ERROR_BROKEN_PIPE, "%s closed the connection" },
  { G_IO_ERROR_NOT_CONNECTED, "%s closed the connection" },
  { G_IO_ERROR_PROXY_FAILED, "cannot reach %s: the proxy failed" },
  { G_IO_ERROR_PROXY_AUTH_FAILED, "cannot reach %s: the proxy refuses the login" },
  { G_IO_ERROR_INVALID_DATA, "%s sent a damaged answer" },
  { G_IO_ERROR_NO_SPACE, "cannot reach %s: out of memory for sockets" },
};

static const ErrorWords resolver_words[] = {
  { G_RESOLVER_ERROR_NOT_FOUND, "cannot find %s: there is no host of that name" },
  { G_RESOLVER_ERROR_TEMPORARY_FAILURE, "cannot find %s: the name service does not answer" },
  { G_RESOLVER_ERROR_INTERNAL, "cannot find %s: the name service failed" },
};

static const ErrorWords tls_words[] = {
  { G_TLS_ERROR_UNAVAILABLE, "no secure connection to %s: TLS support is not installed" },
  { G_TLS_ERROR_MISC, "no secure connection to %s: TLS failed" },
  { G_TLS_ERROR_NOT_TLS, "no secure connection to %s: it does not speak TLS" },
  { G_TLS_ERROR_HANDSHAKE, "no secure connection to %s: the TLS handshake failed" },
  { G_TLS_ERROR_CERTIFICATE_REQUIRED, "no secure connection to %s: it wants a client certificate" },
  { G_TLS_ERROR_EOF, "%s closed the connection" },
  { G_TLS_ERROR_BAD_CERTIFICATE, "no secure connection to %s: its certificate is not trusted" },
};

static const ErrorWords soup_words[] = {
  { SOUP_SESSION_ERROR_PARSING, "%s does not speak HTTP" },
  { SOUP_SESSION_ERROR_ENCODING, "%s sent a damaged answer" },
  { SOUP_SESSION_ERROR_TOO_MANY_REDIRECTS, "%s redirects in a circle" },
};

static const struct
{
  GTlsCertificateFlags  flag;
  const char           *words;
} certificate_words[] = {
  { G_TLS_CERTIFICATE_UNKNOWN_CA, "it is signed by an authority that this computer does not know" },
  { G_TLS_CERTIFICATE_BAD_IDENTITY, "it belongs to another host" },
  { G_TLS_CERTIFICATE_NOT_ACTIVATED, "it is not valid yet; is this computer's clock right?" },
  { G_TLS_CERTIFICATE_EXPIRED, "it has expired" },
  { G_TLS_CERTIFICATE_REVOKED, "it has been revoked" },
  { G_TLS_CERTIFICATE_INSECURE, "it uses an insecure algorithm" },
};

static const char *
find_words (const GError *error)
{
  const struct
  {
    GQuark            domain;
    const ErrorWords *words;
    gsize             n_words;
  } tables[] = {
    { G_IO_ERROR, io_words, G_N_ELEMENTS (io_words) },
    { G_RESOLVER_ERROR, resolver_words, G_N_ELEMENTS (resolver_words) },
    { G_TLS_ERROR, tls_words, G_N_ELEMENTS (tls_words) },
    { SOUP_SESSION_ERROR, soup_words, G_N_ELEMENTS (soup_words) },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      if (tables[i].domain != error->domain)
        continue;
      for (gsize j = 0; j < tables[i].n_words; j++)
        if (tables[i].words[j].code == error->code)
          return tables[i].words[j].words;
    }
  return NULL;
}

static const char *
find_certificate_words (SoupMessage *message)
{
  GTlsCertificateFlags flags = soup_message_get_tls_peer_certificate_errors (message);

  for (gsize i = 0; i < G_N_ELEMENTS (certificate_words); i++)
    if (flags & certificate_words[i].flag)
      return certificate_words[i].words;
  return NULL;
}

/**
 * tide_soup_error_propagate:
 * @dest: (nullable): where to
 * @src: (transfer full): what libsoup or GIO said
 * @message: which exchange
 *
 * Cancelled stays what it is; everything else becomes TIDE_ERROR_PROVIDER in words, naming the host
 * but no more of the address, which may hold keys.
 */
void
tide_soup_error_propagate (GError      **dest,
                           GError       *src,
                           SoupMessage  *message)
{
  const char *host = g_uri_get_host (soup_message_get_uri (message));
  const char *certificate = find_certificate_words (message);
  const char *words;

  if (g_error_matches (src, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (dest, src);
      return;
    }

  words = find_words (src);
  if (src->domain == G_TLS_ERROR && certificate != NULL)
    g_set_error (dest, TIDE_ERROR, TIDE_ERROR_PROVIDER, "the certificate of %s is not trusted: %s", host, certificate);
  else if (words != NULL)
    {
      g_autoptr(GString) text = g_string_new (words);

      g_string_replace (text, "%s", host, 1);
      g_set_error_literal (dest, TIDE_ERROR, TIDE_ERROR_PROVIDER, text->str);
    }
  else
    g_set_error (dest, TIDE_ERROR, TIDE_ERROR_PROVIDER, "the connection to %s failed: %s", host, src->message);
  g_error_free (src);
}

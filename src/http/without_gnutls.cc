// libmicrohttpd prepares GnuTLS for every program, and no one here speaks TLS through it: what is
// loaded and computed for that is a tenth of an idle server's memory, and of the start of every
// command. This one stands before GnuTLS's own (src/CMakeLists.txt exports it), and does nothing.

extern "C" {
int gnutls_global_init();
void gnutls_global_deinit();
int _gnutls_global_init_skip();

int gnutls_global_init() { return 0; }
void gnutls_global_deinit() {}
// GnuTLS asks for this as it is loaded (GnuTLS manual, "Initialization").
int _gnutls_global_init_skip() { return 1; }
}

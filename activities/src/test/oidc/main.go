// Two OpenID providers for LoginsIT, both of github.com/zitadel/oidc: a workspace's, which issues tokens to a service
// principal or in exchange for another issuer's, and that other issuer, which says what a workload is. What is Portage's
// own here is only what a provider keeps: who its clients are, and how long a token lasts. Requests are read, checked and
// answered by the library, and by its example's storage.
//
// oidc RULES reads RULES (JSON) at each call. Its first line of output has the two addresses, once they can be called.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/client/rp"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// The one client of the example's storage that may log in by itself.
const clientID, storedSecret = "sid1", "verysecret"

// Rules are what a test changes while the providers run.
type Rules struct {
	Secret     string `json:"secret"`     // of the client, as of now
	Seconds    int    `json:"seconds"`    // that a token lasts
	Generation int    `json:"generation"` // tokens of other generations are refused
	Audience   string `json:"audience"`   // that the workload's token has, and that the workspace wants
	Busy       int    `json:"busy"`       // this status instead of an answer of the token endpoint, 0 for none
}

var rulesFile = os.Args[1]

func rules() (r Rules) {
	text, err := os.ReadFile(rulesFile)
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil {
		log.Fatal(err)
	}
	return r
}

type issued struct {
	until      time.Time
	generation int
}

// provider keeps what the example's storage doesn't: a secret that changes, a lifetime, another issuer.
type provider struct {
	*storage.Storage
	lock   sync.Mutex
	tokens map[string]issued
	trusts *op.AccessTokenVerifier // tokens of whom it takes in exchange; nil for nobody's
	asJWT  bool
}

type client struct {
	op.Client
	asJWT bool
}

func (c client) AccessTokenType() op.AccessTokenType {
	if c.asJWT {
		return op.AccessTokenTypeJWT
	}
	return op.AccessTokenTypeBearer
}

func (p *provider) ClientCredentials(ctx context.Context, id, secret string) (op.Client, error) {
	if err := p.AuthorizeClientIDSecret(ctx, id, secret); err != nil {
		return nil, err
	}
	return p.GetClientByClientID(ctx, id)
}

// Without an id, a token in exchange needs no client: the workload's own token is the proof.
func (p *provider) AuthorizeClientIDSecret(_ context.Context, id, secret string) error {
	if (id == "" && p.trusts != nil) || (id == clientID && secret == rules().Secret) {
		return nil
	}
	return errors.New("unknown client or wrong secret")
}

func (p *provider) GetClientByClientID(ctx context.Context, _ string) (op.Client, error) {
	known, err := p.Storage.ClientCredentials(ctx, clientID, storedSecret)
	return client{known, p.asJWT}, err
}

func (p *provider) ClientCredentialsTokenRequest(_ context.Context, id string, scopes []string) (op.TokenRequest, error) {
	return &oidc.JWTTokenRequest{Subject: id, Audience: []string{rules().Audience}, Scopes: scopes}, nil
}

func (p *provider) CreateAccessToken(ctx context.Context, request op.TokenRequest) (string, time.Time, error) {
	id, _, err := p.Storage.CreateAccessToken(ctx, request)
	now := rules()
	until := time.Now().Add(time.Duration(now.Seconds) * time.Second)
	p.lock.Lock()
	defer p.lock.Unlock()
	p.tokens[id] = issued{until, now.Generation}
	return id, until, err
}

func (p *provider) VerifyExchangeSubjectToken(ctx context.Context, token string, kind oidc.TokenType) (string, string, map[string]any, error) {
	if p.trusts == nil || kind != oidc.JWTTokenType {
		return "", "", nil, errors.New("no token of this type is taken")
	}
	claims, err := op.VerifyAccessToken[*oidc.AccessTokenClaims](ctx, token, p.trusts)
	if err != nil {
		return "", "", nil, err
	}
	if !slices.Contains(claims.Audience, rules().Audience) {
		return "", "", nil, errors.New("the token is for somebody else")
	}
	return token, claims.Subject, claims.Claims, nil
}

func (p *provider) VerifyExchangeActorToken(context.Context, string, oidc.TokenType) (string, string, map[string]any, error) {
	return "", "", nil, errors.New("nobody acts for somebody else")
}

func (p *provider) ValidateTokenExchangeRequest(_ context.Context, request op.TokenExchangeRequest) error {
	if request.GetRequestedTokenType() == "" {
		request.SetRequestedTokenType(oidc.AccessTokenType)
	}
	return nil
}

// isValid says who a token of this provider was issued to.
func (p *provider) isValid(crypto op.Crypto, token string) (string, bool) {
	text, err := crypto.Decrypt(token)
	id, subject, found := strings.Cut(text, ":")
	p.lock.Lock()
	defer p.lock.Unlock()
	known, ok := p.tokens[id]
	return subject, err == nil && found && ok && time.Now().Before(known.until) && known.generation == rules().Generation
}

func serve(p *provider, listener net.Listener) {
	issuer := "http://" + listener.Addr().String()
	p.Storage = storage.NewStorage(storage.NewUserStore(issuer))
	p.tokens = map[string]issued{}
	config := &op.Config{GrantTypeRefreshToken: true}
	if _, err := rand.Read(config.CryptoKey[:]); err != nil {
		log.Fatal(err)
	}
	made, err := op.NewProvider(config, p, op.StaticIssuer(issuer), op.WithAllowInsecure(),
		op.WithCustomTokenEndpoint(op.NewEndpoint("oidc/v1/token")))
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", made)
	mux.HandleFunc("/oidc/v1/token", func(w http.ResponseWriter, r *http.Request) {
		if busy := rules().Busy; busy != 0 {
			w.Header().Set("Retry-After", "7")
			http.Error(w, "busy", busy)
			return
		}
		made.ServeHTTP(w, r)
	})
	// What a workspace does with its token.
	mux.HandleFunc("/api/2.0/preview/scim/v2/Me", func(w http.ResponseWriter, r *http.Request) {
		token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		subject, valid := p.isValid(made.Crypto(), token)
		w.Header().Set("Content-Type", "application/json")
		if !bearer || !valid {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, `{"error_code":"UNAUTHENTICATED","message":"the token has expired or was revoked"}`)
			return
		}
		fmt.Fprintf(w, `{"userName":%q}`, subject)
	})
	log.Fatal(http.Serve(listener, mux))
}

func listen() net.Listener {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	return listener
}

func main() {
	workload, workspace := listen(), listen()
	issuer := "http://" + workload.Addr().String()
	go serve(&provider{asJWT: true}, workload)
	keys := rp.NewRemoteKeySet(http.DefaultClient, issuer+"/keys")
	fmt.Printf("{\"issuer\":%q,\"workspace\":%q}\n", issuer, "http://"+workspace.Addr().String())
	serve(&provider{trusts: op.NewAccessTokenVerifier(issuer, keys)}, workspace)
}

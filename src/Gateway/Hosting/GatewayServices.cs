using System.Net;
using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Drain;
using Wharf.Gateway.Edge;
using Wharf.Gateway.Errors;
using Wharf.Gateway.Fields;
using Wharf.Gateway.Flight;
using Wharf.Gateway.Memory;
using Wharf.Gateway.Nodes;
using Wharf.Gateway.Sessions;
using Wharf.Gateway.Streams;
using Wharf.Gateway.Telemetry;
using Wharf.Grains.Logs;
using Wharf.Grains.Nodes;
using Wharf.Grains.Objects;
using Wharf.Protocol;
using Wharf.Tables;

namespace Wharf.Gateway.Hosting;

/// <summary>Adds the gateway to a host.</summary>
public static class GatewayServices
{
    /// <summary>Name of the CORS policy of the gateway's endpoints.</summary>
    internal const string CorsPolicy = "wharf";

    /// <summary>Adds the gateway of a node with a silo. The host provides the silo (<c>IGrainFactory</c>) and its tables (<c>INodeTables</c>).</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The section <c>Wharf</c> of the configuration.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddWharfGateway(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddNodes(configuration).AddTablesOfNode().AddClientServices();
        return services;
    }

    /// <summary>Adds a gateway without a silo. The host provides the client of the cluster (<c>IGrainFactory</c>).</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The section <c>Wharf</c> of the configuration.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddWharfGatewayAlone(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddNodes(configuration).AddClientServices();
        services.TryAddSingleton<RemoteUploads>();
        services.TryAddSingleton<ITableBytes, RemoteTableBytes>();
        services.TryAddSingleton<LiveNodes>();
        services.TryAddSingleton(static provider => new NodeWatch(
            provider.GetRequiredService<IGrainFactory>(),
            provider.GetRequiredService<LiveNodes>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<NodeWatch>>()));
        services.AddHostedService(static provider => provider.GetRequiredService<NodeWatch>());
        services.AddSingleton<IOutgoingGrainCallFilter, LostNodeCalls>();
        return services;
    }

    /// <summary>Adds the services of a silo without a gateway, which serve its tables to other nodes.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The section <c>Wharf</c> of the configuration.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddWharfNodeService(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddNodes(configuration).AddTablesOfNode();
        services.TryAddSingleton<NodesOnlyInterceptor>();
        services.TryAddSingleton<ICallerAdmission>(static provider => provider.GetRequiredService<NodesOnlyInterceptor>());
        NodeFlightServiceHandler.Service.AddTo(services);
        services.AddFlightData<NodeFlightServiceHandler>();
        services.AddGrpc<NodesOnlyInterceptor>();
        services.Configure<GrpcServiceOptions>(static grpc => grpc.IgnoreUnknownServices = true);
        return services;
    }

    // Adds the services of all roles.
    private static IServiceCollection AddNodes(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static provider => new MemoryAccountant(MemoryLimits.Unlimited, provider.GetRequiredService<TimeProvider>()));
        services.AddAuthentication();
        services.AddConnectionLimits();
        services.TryAddSingleton<GatewayDrain>();
        services.TryAddSingleton<DefectLog>();
        services.TryAddSingleton<FaultTranslation>();
        services.TryAddSingleton<ErrorInterceptor>();
        services.TryAddSingleton<MembershipLease>();
        services.TryAddSingleton<RequestLimits>();
        services.TryAddSingleton<UnauthenticatedUse>();
        services.TryAddSingleton<NodeChannels>();
        services.TryAddSingleton<RemoteTables>();
        services.TryAddSingleton<IRemoteTables>(static provider => provider.GetRequiredService<RemoteTables>());
        return services;
    }

    /// <summary>Adds the services that <see cref="KestrelEndpoint"/> needs.</summary>
    internal static IServiceCollection AddConnectionLimits(this IServiceCollection services)
    {
        services.TryAddSingleton<GatewayInstruments>();
        services.TryAddSingleton<TrustedProxies>();
        services.TryAddSingleton<LimitLog>();
        services.TryAddSingleton<ConnectionLimits>();
        return services;
    }

    private static IServiceCollection AddTablesOfNode(this IServiceCollection services)
    {
        services.TryAddSingleton<NodeFlight>();
        services.TryAddSingleton<ITableBytes, LocalTableBytes>();
        return services;
    }

    private static void AddClientServices(this IServiceCollection services)
    {
        services.TryAddSingleton<SessionWatch>();
        services.TryAddSingleton<SessionOperations>();
        services.TryAddSingleton<FieldFeed>();
        services.TryAddSingleton<HeldBodies>();
        services.TryAddSingleton<ObjectConnector>();
        services.TryAddSingleton<PullDelay>();
        services.TryAddSingleton<StreamDependencies>();
        services.TryAddSingleton<ObjectStreams>();
        services.TryAddSingleton<ObjectFetch>();
        services.TryAddSingleton<FlightTables>();
        services.TryAddSingleton<AuthenticationInterceptor>();
        services.TryAddSingleton<ICallerAdmission>(static provider => provider.GetRequiredService<AuthenticationInterceptor>());
        ServedServices.AddTo(services);
        services.AddFlightData<FlightServiceHandler>();
        services.AddGrpc<AuthenticationInterceptor>();
        services.TryAddSingleton<AllowedOrigins>();
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<AllowedOrigins>(static (cors, origins) => cors.AddPolicy(CorsPolicy, policy => (origins.AllowsAny ? policy.AllowAnyOrigin() : policy.SetIsOriginAllowed(origins.Contains))
            .WithMethods("POST")
            .WithHeaders(
                "authorization", "auth-token-bin", "content-type", "grpc-timeout", "x-grpc-web", "x-user-agent", WireHeaders.AuthCookieRequest,
                WireHeaders.StreamTicket, WireHeaders.StreamSequence, WireHeaders.StreamHalfClose)
            .WithExposedHeaders("authorization", "content-type", "grpc-status", "grpc-message", "grpc-status-details-bin")));
    }

    private static void AddGrpc<TAuthentication>(this IServiceCollection services)
        where TAuthentication : Interceptor
    {
        services.AddGrpc();
        services.RemoveAll(typeof(IServiceMethodProvider<>));
        services.AddSingleton(typeof(IServiceMethodProvider<>), typeof(CheckedMethods<>));
        services.AddOptions<GrpcServiceOptions>().Configure<IOptions<GatewayOptions>>((grpc, gateway) =>
        {
            grpc.MaxReceiveMessageSize = gateway.Value.MaxMessageBytes;
            grpc.MaxSendMessageSize = null;
            // No compression, so that a small request cannot expand to a large one.
            grpc.CompressionProviders = [];
            grpc.Interceptors.Add<ErrorInterceptor>();
            grpc.Interceptors.Add<TAuthentication>();
        });
    }

    private static IServiceCollection AddFlightData<TService>(this IServiceCollection services)
        where TService : class, IFlightData
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceMethodProvider<Served<TService>>, FlightDataMethods<TService>>());
        return services;
    }

    private static void AddSettings(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<GatewayOptions>().Bind(configuration.GetSection("Gateway")).ValidateOnStart();
        services.AddOptions<EndpointOptions>().Bind(configuration).ValidateOnStart();
        services.AddOptions<WebOptions>().Bind(configuration.GetSection("Web")).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WebOptions>, GatewayOptionsValidation>();
        services.AddOptions<GatewaySessionOptions>().Bind(configuration.GetSection("Sessions")).ValidateOnStart();
        services.AddOptions<LoginOptions>().Bind(configuration.GetSection("Auth")).ValidateOnStart();
        services.AddOptions<AccessOptions>().Bind(configuration.GetSection("Auth")).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AccessOptions>>(provider =>
            new AccessOptionsValidation(configuration.GetSection("Auth"), provider.GetServices<IAuthenticationHandler>()));
        services.AddSingleton<IValidateOptions<LoginOptions>, JwtOptionsValidation>();
        services.AddSingleton<IValidateOptions<EndpointOptions>, ClientCertificatesValidation>();
        services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidation>();
        services.AddSingleton<IValidateOptions<EndpointOptions>, GatewayOptionsValidation>();
        services.AddSingleton<IValidateOptions<GatewaySessionOptions>, GatewayOptionsValidation>();
        services.AddSingleton<IValidateOptions<LoginOptions>, GatewayOptionsValidation>();
    }

    private static void AddAuthentication(this IServiceCollection services)
    {
        services.TryAddSingleton<BearerHandler>();
        services.TryAddSingleton<CertificateHandler>();
        services.TryAddSingleton(static provider => new LoginHandlers(
            provider.GetRequiredService<IOptions<LoginOptions>>(), provider.GetRequiredService<IOptions<AccessOptions>>(), provider.GetServices<IAuthenticationHandler>(),
            IssuedLogins(provider), provider.GetRequiredService<ILogger<LoginHandlers>>()));
        services.TryAddSingleton<LoginRoles>();
        services.TryAddSingleton<AuditLog>();
        services.TryAddSingleton<IAuthorizer>(static provider => provider.GetRequiredService<IOptions<AccessOptions>>() is { Value.Roles.Count: > 0 } access
            ? new RoleAuthorizer(access)
            : new AllowEverything());
        services.TryAddSingleton<Permissions>();
        services.TryAddSingleton<INameAuthorizer, NameAuthorizer>();
        services.TryAddSingleton<NamedFields>();
        services.TryAddSingleton<SessionTokens>();
        services.TryAddSingleton<RecentSessions>();
        services.TryAddSingleton<SessionStarts>();
        services.TryAddSingleton<SessionLogins>();
        services.TryAddSingleton(provider => new LoginThrottle(
            provider.GetRequiredService<IOptions<LoginOptions>>().Value.FailedLoginsPerMinute, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider => new TokenKeys(provider.GetRequiredService<IOptions<LoginOptions>>().Value));
        services.TryAddSingleton(static provider => new SessionTokenSigner(provider.GetRequiredService<TokenKeys>().Keys));
        services.TryAddSingleton(static provider => new NodeTicketSigner(provider.GetRequiredService<TokenKeys>().Keys));
        services.TryAddSingleton<NodeTickets>();
        services.TryAddSingleton<NodeCalls>();
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<LoginOptions>>((forwarded, logins) =>
        {
            forwarded.ForwardedHeaders = logins.Value.TrustedProxies.Count > 0 ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto : ForwardedHeaders.None;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var proxy in logins.Value.TrustedProxies)
            {
                if (IPAddress.TryParse(proxy, out var address))
                    forwarded.KnownProxies.Add(address);
                else
                    forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
            }
        });
    }

    private static IEnumerable<IAuthenticationHandler> IssuedLogins(IServiceProvider provider)
    {
        if (provider.GetRequiredService<IOptions<LoginOptions>>().Value.Jwt.IsEnabled)
            yield return provider.GetRequiredService<BearerHandler>();
        if (provider.GetRequiredService<IOptions<EndpointOptions>>().Value.Tls.ClientCertificates != ClientCertificates.Off)
            yield return provider.GetRequiredService<CertificateHandler>();
    }
}

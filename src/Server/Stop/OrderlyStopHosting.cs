namespace Wharf.Server.Stop;

/// <summary>Adds the orderly stop to the server.</summary>
internal static class OrderlyStopHosting
{
    /// <summary>Adds <see cref="OrderlyStop"/>, which runs on SIGTERM and Ctrl+C.</summary>
    public static void AddOrderlyStop(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = OrderlyStopTimes.All);
        builder.Services.AddHostedService<OrderlyStop>();
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Wharf.Tables;

namespace Wharf.Security;

/// <summary>Waits until a memory budget of one server refuses something.</summary>
internal sealed class CountedRefusals(MemoryAccountant memory) : IHostedService
{
    /// <summary>Adds the count to the services of a server.</summary>
    public static void AddTo(IServiceCollection services, Action<CountedRefusals> created) => services.AddHostedService(provider =>
    {
        var refusals = new CountedRefusals(provider.GetRequiredService<MemoryAccountant>());
        created(refusals);
        return refusals;
    });

    /// <summary>Completes after the first refusal.</summary>
    public async Task FirstAsync(CancellationToken cancellationToken)
    {
        while (memory.Refusals == 0)
            await Task.Delay(1, cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

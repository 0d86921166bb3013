using Microsoft.AspNetCore.Http;

namespace Wharf.Gateway.Edge;

/// <summary>Finds the caller of a call by its headers.</summary>
internal interface ICallerAdmission
{
    /// <summary>Whether the headers have a token or a ticket that this cluster has signed. Finding its session is no login.</summary>
    bool HasToken(HttpContext http);

    /// <summary>Finds the caller.</summary>
    /// <returns>True for a session or a node; false when the call may come without either.</returns>
    /// <exception cref="Wharf.Grains.FaultException">The call is refused.</exception>
    ValueTask<bool> AdmitAsync(HttpContext http, string method, CancellationToken cancellationToken);
}

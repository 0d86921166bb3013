using Microsoft.AspNetCore.Http;

namespace Wharf.Gateway.Edge;

/// <summary>Finds the caller of a call by its headers.</summary>
internal interface ICallerAdmission
{
    /// <summary>Returns whether the headers have a token or a ticket that this cluster has signed. Such a call is not a login.</summary>
    bool HasToken(HttpContext http);

    /// <summary>Finds the caller.</summary>
    /// <returns>True if the caller is a session or a node; false if it is neither and the call does not require one.</returns>
    /// <exception cref="Wharf.Grains.FaultException">The call is refused.</exception>
    ValueTask<bool> AdmitAsync(HttpContext http, string method, CancellationToken cancellationToken);
}

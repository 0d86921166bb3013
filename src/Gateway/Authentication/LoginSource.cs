using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace Wharf.Gateway.Authentication;

/// <summary>The connection of a login. It is read only if a call has credentials.</summary>
internal readonly struct LoginSource(HttpContext http)
{
    /// <summary>The address, as limits count it.</summary>
    public string Address => ClientAddress.Of(http);

    /// <summary>The certificate that the client presented, or null.</summary>
    public X509Certificate2? Certificate => http.Connection.ClientCertificate;
}
